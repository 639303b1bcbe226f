"""The tabs between the pages about what comes in and goes out."""

from typing import Any

from app.kernel.actor import Actor
from app.kernel.tabs import open_tabs
from app.vocabulary.permissions import Permission

_TABS = (
    ("Events", "audit.index", Permission.AUDIT_EVENT_READ),
    ("Event types", "event_types.index", Permission.EVENT_TYPE_READ),
    ("Imports", "imports.index", Permission.AUDIT_EVENT_IMPORT),
    ("Quarantine", "quarantine.index", Permission.QUARANTINE_READ),
    ("Exports", "exports.index", Permission.AUDIT_EVENT_EXPORT),
    ("Rules", "ingestion.index", Permission.SETTING_READ),
)


def ingestion_tabs(actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs that the actor may open."""
    return open_tabs(actor, _TABS)
