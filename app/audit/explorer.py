"""The page of the log: the list, and what is counted beside it without the list waiting for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from flask import Response, request, url_for

from app.audit.collection import AUDIT_LOG
from app.audit.facet_links import facet_view
from app.audit.facets import Facets, facets
from app.audit.histogram import histogram
from app.audit.presenting import histogram_view
from app.audit.reading.kept import kept_notice
from app.audit.search.lines import EventLine
from app.audit.search.shown import shown_token
from app.audit.views.presenting import column_choice, view_tabs
from app.audit.views.state import ViewShelf, read_state
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.criteria import Criteria, address_of, read_criteria
from app.kernel.collections.declaration import Moment
from app.kernel.collections.listing import Listing, open_listing
from app.kernel.collections.rendering import header_props, list_props
from app.kernel.query_language.times import between
from app.kernel.rendering import render_page
from app.kernel.standing import tenant_here

PARTS = {"results": "results", "detail": "detail"}
# What is drawn later replaces itself and has no id, so htmx names no target.
BARS, VALUES = {"": "histogram"}, {"": "facets"}
TEMPLATE = "explorer.html"


@dataclass(frozen=True, slots=True)
class Log:
    """One answer of the log: its list, and the views of whoever reads it."""

    actor: Actor
    listing: Listing[EventLine]
    shelf: ViewShelf

    @property
    def criteria(self) -> Criteria:
        return self.listing.criteria

    def beside(self, event_id: UUID) -> tuple[UUID | None, UUID | None]:
        """Return the events above and below one on this page of the list."""
        ids = [line.id for line in self.listing.page.rows]
        if event_id not in ids:
            return None, None
        at = ids.index(event_id)
        return ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None

    def address_of(self, query: str, event_id: str | None) -> str:
        """Return the address of a query with these columns, and with an event if one stays open."""
        columns = self.shelf.state.columns.text or None
        return url_for("audit.index", q=query, columns=columns, detail=event_id)


def open_log(actor: Actor, shelf: ViewShelf) -> Log:
    """Answer the running request with the log as its address asks for it."""
    listing = open_listing(
        shelf.state.columns.of_log(), url_for("audit.index"), kept=shelf.state.kept
    )
    return Log(actor, listing, shelf)


def read_asked() -> Criteria:
    """Return what the address of a part asks for, without reading any event."""
    return read_criteria(AUDIT_LOG, request.args, read_state(request.args).kept)


def render_log(
    log: Log,
    *,
    drawer: Mapping[str, Any],
    primary: Mapping[str, Any] | None,
    actions: Sequence[Mapping[str, Any]],
    is_counted: bool = False,
) -> Response:
    """Render the page of the log, or the part of it that htmx asked for.

    The bars and the values come after it, unless it `is_counted` already: where there is no
    script, they are one press away.
    """
    props = list_props(log.listing, detail_target="#detail")
    props["header"] = header_props(log.listing, primary=primary, actions=actions)
    props["tabs"] = view_tabs(log.actor, log.shelf, log.criteria)
    props["notices"] += [*log.shelf.notices, *_invalid_view(log), *_gone(log)]
    props["filter"]["columns"] = column_choice(log.shelf, log.criteria)
    is_something = bool(log.listing.page.rows or log.listing.is_filtered)
    counted: Mapping[str, Any] = {}
    if is_something:
        counted = _counted(log.criteria) if is_counted else _counted_later(log.criteria)
    props["histogram"] = counted.get("bars") if log.listing.page.rows else None
    context = {"list": props, "drawer": drawer, "values": counted.get("values"), "drawn": None}
    return render_page(TEMPLATE, context, parts=PARTS)


def draw_bars(criteria: Criteria) -> dict[str, Any] | None:
    """Count the events of a query over time; None when none matches."""
    moment = _moment()
    bars = histogram(criteria.query, moment)
    if bars is None:
        return None
    path = url_for("audit.index")
    view = histogram_view(
        bars, moment.zone, lambda bar: _address_between(path, criteria, bar.start, bar.end)
    )
    return {**view, "chooses": _time_choice(criteria) if len(bars.buckets) > 1 else None}


def chosen_time_address() -> str | None:
    """Return the address of the log between the two edges that a form sent; None without two.

    The edges may come in either order; whoever drags to the left means the same.
    """
    try:
        edges = sorted(datetime.fromisoformat(request.args[name]) for name in ("from", "to"))
    except (KeyError, ValueError, TypeError):
        return None
    if edges[0] == edges[1] or edges[0].tzinfo is None:
        return None
    return _address_between(url_for("audit.index"), read_asked(), *edges)


def _address_between(path: str, criteria: Criteria, start: datetime, end: datetime) -> str:
    query = criteria.query.text_with_only(between("created", start, end))
    return address_of(path, criteria, q=query)


def _time_choice(criteria: Criteria) -> dict[str, Any]:
    """Return the form in which two edges of the bars are chosen."""
    kept = urlsplit(address_of("", criteria)).query
    return {"action": url_for("audit.index"), "fields": dict(parse_qsl(kept))}


def draw_values(criteria: Criteria) -> dict[str, Any]:
    """Count the values of the events of a query."""
    return facet_view(facets(criteria.query, _moment()), criteria)


def _counted(criteria: Criteria) -> dict[str, Any]:
    return {"bars": draw_bars(criteria), "values": draw_values(criteria)}


def _counted_later(criteria: Criteria) -> dict[str, Any]:
    """Return the places of what the list does not wait for."""
    shown = shown_token(criteria.query) if criteria.query.terms else None
    bars = address_of(url_for("audit.over_time"), criteria, shown=shown)
    values = address_of(url_for("audit.values"), criteria, shown=shown)
    return {
        "bars": {"summary": "Counting events", "buckets": [], "load_url": bars},
        "values": {**facet_view(Facets(()), criteria), "load_url": values},
    }


def _gone(log: Log) -> list[str]:
    """Say that events of the time asked for are gone, where that is so."""
    notice = kept_notice(log.criteria.query, log.listing.moment)
    return [notice] if notice else []


def _invalid_view(log: Log) -> list[str]:
    view = log.shelf.current
    if view is None or not log.criteria.errors or log.criteria.query.text != view.query:
        return []
    name = view.name
    lost = f"The view “{name}” asks for something that the log does not understand any more."
    return [f"{lost} Change the filter, then save the view again."]


def _moment() -> Moment:
    return Moment(clock.now(), tenant_here().zone)
