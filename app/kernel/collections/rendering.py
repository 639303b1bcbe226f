"""Answering a list page: every list is the same pattern, filled from its declaration."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from app.kernel.collections.listing import Listing
from app.kernel.rendering import render_page

# The parts that htmx may ask for alone, by the id of the element that they replace.
PARTS = {"results": "results"}
RESULTS = "#results"


def render_list(
    listing: Listing[Any],
    *,
    meta: str | None = None,
    primary: Mapping[str, Any] | None = None,
    actions: Sequence[Mapping[str, Any]] = (),
    tabs: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """Render a list page, or the part of it that htmx asked for."""
    header = header_props(listing, meta=meta, primary=primary, actions=actions)
    props = {**list_props(listing), "header": header}
    if tabs:
        props["tabs"] = {"label": listing.collection.title, "items": list(tabs)}
    return render_page("list.html", {"list": props}, parts=PARTS)


def header_props(
    listing: Listing[Any],
    *,
    meta: str | None = None,
    primary: Mapping[str, Any] | None = None,
    actions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the head of a list page as its pattern takes it."""
    return {
        "title": listing.collection.title,
        "meta": meta or f"{listing.count_words} · times in {listing.moment.zone.key}",
        "primary": primary,
        "actions": list(actions),
    }


def list_props(listing: Listing[Any], *, detail_target: str | None = None) -> dict[str, Any]:
    """Return a list as the pattern of list pages takes it, but its head.

    With a `detail_target` a row opens there, beside the list.
    """
    props: dict[str, Any] = {
        "announce": listing.count_words,
        "tabs": None,
        "notices": list(listing.criteria.notices),
        "filter": _filter_bar(listing),
        "histogram": None,
        "table": None,
        "pagination": None,
        "nothing": None,
    }
    if listing.page.rows:
        props["table"] = _table(listing, detail_target)
        props["pagination"] = _pagination(listing)
    else:
        props["nothing"] = _nothing(listing)
    return props


def _filter_bar(listing: Listing[Any]) -> dict[str, Any]:
    collection = listing.collection
    return {
        "action": listing.path,
        "q": listing.box,
        "label": f"Filter {collection.noun[1]}",
        "placeholder": collection.placeholder,
        "chips": [] if listing.errors else listing.chips,
        "errors": listing.errors,
        "presets": listing.presets,
        "help_items": listing.help_items,
        "hidden": listing.hidden,
        "hx_target": RESULTS,
        "clear_href": listing.clear_href,
    }


def _table(listing: Listing[Any], detail_target: str | None) -> dict[str, Any]:
    return {
        "caption": listing.collection.caption,
        "columns": listing.columns,
        "rows": listing.rows,
        "density": listing.collection.density,
        "detail_target": detail_target,
        "hx_target": RESULTS,
    }


def _pagination(listing: Listing[Any]) -> dict[str, Any]:
    return {
        "summary": listing.order_words,
        "previous_href": listing.previous_href,
        "next_href": listing.next_href,
        # Where everything fits into the smallest page there is nothing to choose.
        "page_sizes": listing.page_sizes if listing.is_long else [],
        "hx_target": RESULTS,
    }


def _nothing(listing: Listing[Any]) -> dict[str, Any]:
    """Say why there are no rows: nothing was ever there, or the filter lets nothing through."""
    collection = listing.collection
    if not listing.is_filtered:
        return {"kind": "empty", "title": collection.empty.title, "body": collection.empty.body}
    if listing.page.stopped_at is not None:
        return {
            "kind": "partial",
            "title": f"No {collection.noun[0]} matches so far",
            "body": "So many had to be looked at one by one that looking stopped on the way.",
            "actions": [{"label": "Look further", "href": listing.onward_href}],
        }
    return {
        "kind": "no_match",
        "title": f"No {collection.noun[0]} matches this filter",
        "body": "Take away a part of it, or widen the time.",
        "actions": [{"label": "Clear the filter", "href": listing.clear_href}],
    }
