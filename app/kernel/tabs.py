"""Tabs between pages that belong together."""

from typing import Any

from flask import request, url_for

from app.kernel.actor import Actor
from app.vocabulary.permissions import Permission

# Label, endpoint, and the permission that opens it.
Tab = tuple[str, str, Permission]


def open_tabs(actor: Actor, tabs: tuple[Tab, ...]) -> list[dict[str, Any]]:
    """Return the tabs that the actor may open, the one of the running request marked."""
    return [
        {"label": label, "href": url_for(endpoint), "current": request.endpoint == endpoint}
        for label, endpoint, permission in tabs
        if actor.may(permission)
    ]
