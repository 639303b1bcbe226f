"""Answering a list page: every list has this one template."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from app.kernel.collections.listing import Listing
from app.kernel.rendering import render_page

# The parts that htmx may ask for alone, by the id of the element that they replace.
PARTS = {"results": "results", "detail": "detail"}


def render_list(
    listing: Listing[Any],
    *,
    meta: str | None = None,
    primary: Mapping[str, Any] | None = None,
    actions: Sequence[Mapping[str, Any]] = (),
    tabs: Sequence[Mapping[str, Any]] = (),
    histogram: Mapping[str, Any] | None = None,
    drawer: Mapping[str, Any] | None = None,
) -> Response:
    """Render a list page, or the part of it that htmx asked for.

    `drawer` None means that the list has none; an empty mapping that it is closed.
    """
    context = {
        "listing": listing,
        "meta": meta or f"{listing.count_words} · times in {listing.moment.zone.key}",
        "primary": primary,
        "actions": list(actions),
        "tabs": list(tabs),
        "histogram": histogram,
        "drawer": drawer,
    }
    return render_page("list.html", context, parts=PARTS)
