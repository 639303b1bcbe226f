"""Event types as the components show them."""

import json
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.audit.event_types.comparing import Difference, Effect, compare
from app.audit.event_types.event_type import EventType, Origin
from app.audit.event_types.queries import RegisteredType, RegisteredVersion
from app.audit.event_types.schema_table import list_fields
from app.kernel.times import exact

_TONES = {Effect.BREAKING: "danger", Effect.COMPATIBLE: "success", Effect.WORDS: "neutral"}


def type_facts(found: RegisteredType, shown: RegisteredVersion, sent: str) -> list[dict[str, Any]]:
    """Return what is known of a type; `sent` says how many events of it came lately."""
    kind = shown.kind
    facts: list[dict[str, Any]] = [{"label": "Action", "code": kind.action}]
    if kind.description:
        facts.append({"label": "Meaning", "value": kind.description})
    facts += [
        {"label": "Owner", "value": kind.owner},
        {"label": "Defined by", "value": _keeper(found.origin)},
        {"label": "Retention", "value": kind.retention},
        {"label": "Version shown", "value": f"{kind.version} of {max(found.versions)}"},
        {
            "label": "Without a version",
            "value": f"events are held to version {found.default}",
        },
        {"label": "Events in 30 days", "value": sent},
        {"label": "SHA-256", "code": kind.fingerprint},
    ]
    if shown.deprecation is not None:
        facts.append({"label": "Use instead", "value": shown.deprecation})
    return facts


def field_table(kind: EventType) -> dict[str, Any]:
    """Return the schema of a type as a table, one row a field."""
    return _table(
        "What events of this type have",
        [
            {"key": "path", "label": "Field", "type": "code"},
            {"key": "kind", "label": "Type"},
            {"key": "required", "label": "Required", "type": "mark", "priority": "2"},
            {"key": "limits", "label": "Limits", "priority": "2"},
            {"key": "marks", "label": "Marks", "priority": "2"},
        ],
        [
            {
                "path": field.path,
                "kind": {"text": field.kind, "sub": field.description or None},
                "required": {
                    "allowed": field.is_required,
                    "text": "required" if field.is_required else "optional",
                },
                "limits": field.limits or None,
                "marks": field.marks or None,
            }
            for field in list_fields(kind.schema)
        ],
    )


def version_table(found: RegisteredType, shown: int, zone: ZoneInfo) -> dict[str, Any]:
    """Return the versions of a type as a table, newest first; older ones can be compared."""
    return _table(
        "Versions",
        [
            {"key": "version", "label": "Version", "type": "link"},
            {"key": "status", "label": "Status", "type": "badge"},
            {"key": "major", "label": "Major", "type": "num", "priority": "2"},
            {"key": "made", "label": "Registered", "priority": "2"},
            {"key": "compare", "label": "Compare", "type": "link", "priority": "2"},
        ],
        [
            {
                "version": {
                    "text": f"Version {number}",
                    "href": url_for("event_types.show", action=found.action, version=number),
                },
                "status": {"text": "deprecated", "tone": "warning"}
                if one.deprecation is not None
                else {"text": "in force", "tone": "success"},
                "major": one.kind.major,
                "made": f"{exact(one.created_at, zone)} by {one.created_by}"
                if one.created_at
                else "with Ballast",
                "compare": _comparison(found.action, shown, number),
            }
            for number, one in sorted(found.versions.items(), reverse=True)
        ],
    )


def _comparison(action: str, shown: int, older: int) -> dict[str, str] | None:
    if older == shown:
        return {"text": "shown here"}
    if older > shown:
        return None
    address = url_for("event_types.show", action=action, version=shown, since=older)
    return {"text": f"with version {shown}", "href": address}


def difference_table(before: EventType, kind: EventType) -> dict[str, Any]:
    """Return what changed from one version to another as a table."""
    differences = compare(before.schema, kind.schema)
    table = _table(
        f"Changes since version {before.version}",
        [
            {"key": "field", "label": "Field", "type": "code"},
            {"key": "what", "label": "What changed"},
            {"key": "effect", "label": "For senders", "type": "badge"},
        ],
        [_difference(one) for one in differences],
    )
    return {**table, "empty": "Nothing that a sender would notice changed."}


def sample_panel(samples: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the samples of a type as they would be sent."""
    blocks = [
        {"type": "code", "text": json.dumps(sample, indent=2, ensure_ascii=False)}
        for sample in samples
    ]
    return {"panel": {"title": "Samples"}, "text": {"blocks": blocks}}


def type_badges(shown: RegisteredVersion) -> list[dict[str, str]]:
    """Return what a reader should see first of a version."""
    return [] if shown.deprecation is None else [{"text": "deprecated", "tone": "warning"}]


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "field": one.pointer or "the type itself",
        "what": one.words,
        "effect": {"text": one.effect.value, "tone": _TONES[one.effect]},
    }


def _keeper(origin: Origin) -> str:
    return "Ballast itself" if origin is Origin.BALLAST else "this tenant"


def _table(
    caption: str, columns: list[dict[str, str]], cells: list[dict[str, Any]]
) -> dict[str, Any]:
    rows = [{"id": f"row-{number}", "cells": one} for number, one in enumerate(cells, start=1)]
    return {"caption": caption, "columns": columns, "rows": rows}
