"""The tabs above the pages of people."""

from typing import Any

from app.kernel.actor import Actor
from app.kernel.tabs import open_tabs
from app.vocabulary.permissions import Permission

_TABS = (
    ("Members", "people.index", Permission.MEMBER_READ),
    ("Invitations", "invitations.index", Permission.MEMBER_CREATE),
    ("Roles", "people.roles", Permission.ROLE_READ),
)


def people_tabs(actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs that the actor may open."""
    return open_tabs(actor, _TABS)
