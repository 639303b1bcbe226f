"""What stands around a page of the gallery: its sections as tabs, what is in one as navigation."""

from typing import Any

from flask import url_for

from app.design.library import Library
from app.design.naming import slug_of, title_of
from app.kernel.standing import standing
from app.shell.page_frame import frame_of
from components.contract import Contract

# Endpoint and label, in the order of the tabs; a kind of contract for those that list one.
SECTIONS = (
    ("design.index", "All", None),
    ("design.components", "Components", "component"),
    ("design.patterns", "Patterns", "pattern"),
    ("design.content_blocks", "Content blocks", "content_block"),
    ("design.tokens", "Tokens", None),
    ("design.graph", "Graph", None),
    ("design.deprecations", "Deprecations", None),
    ("design.speed", "Speed", None),
)
ENDPOINT_OF_KIND = {kind: endpoint for endpoint, _label, kind in SECTIONS if kind}


def frame_around(places: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the frame of a page with these places beside it."""
    back = {"label": "Back to work", "href": url_for("start.home"), "icon": "arrow-left"}
    return {**frame_of(standing()), "layout": "app", "nav": [back, *places]}


def contract_places(
    books: Library, kind: str, current: Contract | None = None
) -> list[dict[str, Any]]:
    """Return the contracts of a kind as places of the navigation."""
    return [
        {
            "label": title_of(contract.id),
            "href": url_for("design.contract", name=slug_of(contract.id)),
            "current": contract is current,
        }
        for contract in books.registry.of_kind(kind)
    ]


def section_tabs(books: Library, current: str) -> dict[str, Any]:
    """Return the tabs above the sections; `current` is an endpoint."""
    items = []
    for endpoint, label, kind in SECTIONS:
        count = len(books.registry.of_kind(kind)) if kind else None
        items.append(
            {
                "label": label,
                "href": url_for(endpoint),
                "count": count,
                "current": endpoint == current,
            }
        )
    return {"label": "The design system", "items": items}
