"""The tabs between the pages about how long events stay."""

from typing import Any

from app.kernel.actor import Actor
from app.kernel.tabs import open_tabs
from app.vocabulary.permissions import Permission

_TABS = (
    ("Retention", "retention.index", Permission.SETTING_READ),
    ("Deletions", "deletions.index", Permission.SETTING_READ),
    ("Legal holds", "holds.index", Permission.SETTING_READ),
    ("Erasures", "erasures.index", Permission.SETTING_READ),
)


def retention_tabs(actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs that the actor may open."""
    return open_tabs(actor, _TABS)
