"""Rules and previews as the components show them."""

from collections.abc import Sequence
from typing import Any

from app.audit.retention.classes import CLASSES
from app.audit.retention.preview import HORIZONS, ClassPreview
from app.audit.retention.rules import Days

TOO_LONG = "Counting took too long this time. A deletion says how far it is while it runs."


def class_table(days: Days) -> dict[str, Any]:
    """Return the classes as a table, with how long each is kept here."""
    return {
        "columns": [
            {"key": "name", "label": "Class"},
            {"key": "days", "label": "Kept for", "type": "num"},
            {"key": "default", "label": "Unless changed", "type": "num", "priority": "2"},
            {"key": "purpose", "label": "What it is for", "priority": "3"},
        ],
        "rows": [
            {
                "id": one.name,
                "cells": {
                    "name": one.label,
                    "days": f"{days[one.name]:,} days",
                    "default": f"{one.days:,} days",
                    "purpose": one.purpose,
                },
            }
            for one in CLASSES
        ],
    }


def preview_table(previews: Sequence[ClassPreview]) -> dict[str, Any]:
    """Return what would go when as a table."""
    later = HORIZONS[1:]
    return {
        "columns": [
            {"key": "name", "label": "Class"},
            {"key": "now", "label": "Tonight", "type": "num"},
            {"key": "held", "label": "Held", "type": "num"},
            *(
                {"key": f"in_{days}", "label": f"In {days} days", "type": "num", "priority": "2"}
                for days in later
            ),
        ],
        "rows": [
            {
                "id": f"preview-{one.kind.name}",
                "cells": {
                    "name": one.kind.label,
                    "now": f"{one.now:,}",
                    "held": f"{one.held:,}",
                    **{
                        f"in_{days}": f"{count:,}"
                        for days, count in zip(later, one.over[1:], strict=True)
                    },
                },
            }
            for one in previews
        ],
    }
