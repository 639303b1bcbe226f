"""The pages of the audit log."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.collection import event_href, log_address
from app.audit.event_detail import event_detail, event_json
from app.audit.explorer import (
    BARS,
    PARTS,
    TEMPLATE,
    VALUES,
    Log,
    chosen_time_address,
    draw_bars,
    draw_values,
    open_log,
    read_asked,
    render_log,
)
from app.audit.retention.deletion.presenting import (
    DELETED_TITLE,
    DELETED_WORDS,
    deletion_facts,
    deletion_json,
)
from app.audit.retention.deletion.records import get_deletion_of
from app.audit.search.lines import EventLine
from app.audit.search.shown import was_shown
from app.audit.service import read_event, record_search
from app.audit.views.state import open_shelf
from app.kernel.actor import Actor
from app.kernel.collections.criteria import TURNED, Criteria
from app.kernel.collections.listing import Listing
from app.kernel.problems import NotFound
from app.kernel.record_pages import Panel, render_record
from app.kernel.rendering import redirect_to, render_page, wanted_part
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("audit", __name__, "/audit-log")

_JSON = "application/json"


@pages.get("", requires=Permission.AUDIT_EVENT_READ)
def index(actor: Actor) -> ResponseReturnValue:
    if chosen := chosen_time_address():
        return redirect_to(chosen)
    shelf = open_shelf(actor, request.args)
    if not request.args and shelf.default is not None:
        return redirect_to(url_for("audit_views.show", view_id=shelf.default))
    log = open_log(actor, shelf)
    page = _page(actor, log, _drawer(actor, log))
    # Whoever sees what a filter found has searched; the drawer alone shows one event, and
    # reading that is an event of its own. It is written before the page leaves, and last, so
    # that all that the page reads is read in the one transaction that stores it.
    if log.listing.is_filtered and wanted_part(PARTS) != PARTS["detail"]:
        record_search(actor, query=log.criteria.query.canonical())
    return page


@pages.get("/over-time", requires=Permission.AUDIT_EVENT_READ)
def over_time(actor: Actor) -> ResponseReturnValue:
    """Draw the bars above the list: for htmx alone, and in the page where there is no script."""
    criteria = _counted_search(actor)
    if wanted_part(BARS) is None:
        return _page(actor, open_log(actor, open_shelf(actor, request.args)), {}, is_counted=True)
    return render_page(TEMPLATE, {"drawn": draw_bars(criteria)}, parts=BARS)


@pages.get("/values", requires=Permission.AUDIT_EVENT_READ)
def values(actor: Actor) -> ResponseReturnValue:
    """Count the values beside the list: for htmx alone, or in the page where there is no script."""
    criteria = _counted_search(actor)
    if wanted_part(VALUES) is None:
        return _page(actor, open_log(actor, open_shelf(actor, request.args)), {}, is_counted=True)
    return render_page(TEMPLATE, {"values": draw_values(criteria)}, parts=VALUES)


@pages.get("/<uuid:event_id>", requires=Permission.AUDIT_EVENT_READ)
def show(actor: Actor, event_id: UUID) -> ResponseReturnValue:
    try:
        event = read_event(actor, event_id)
    except NotFound:
        return _deleted(event_id)
    detail = event_detail(
        event,
        tenant_here().zone,
        lambda query, _: url_for("audit.index", q=query),
        may_erase=actor.may(Permission.ERASURE_CREATE),
    )
    return render_record(
        detail.title,
        detail.panels(),
        crumbs=[{"label": "Audit log", "href": url_for("audit.index")}],
        actions=detail.pivots,
    )


@pages.get("/<uuid:event_id>/event.json", requires=Permission.AUDIT_EVENT_READ)
def document(actor: Actor, event_id: UUID) -> ResponseReturnValue:
    try:
        event = read_event(actor, event_id)
    except NotFound:
        text = deletion_json(event_id, get_deletion_of(event_id))
        return Response(text, HTTPStatus.GONE, mimetype=_JSON)
    return Response(event_json(event), mimetype=_JSON)


def _deleted(event_id: UUID) -> Response:
    """Say that an event was deleted after its time; raises `NotFound` where none was."""
    deletion = get_deletion_of(event_id)
    return render_record(
        DELETED_TITLE,
        [Panel("Deletion", deletion_facts(deletion, tenant_here().zone))],
        meta=DELETED_WORDS,
        crumbs=[{"label": "Audit log", "href": url_for("audit.index")}],
    )


def _page(
    actor: Actor, log: Log, drawer: Mapping[str, Any], *, is_counted: bool = False
) -> Response:
    return render_log(
        log,
        drawer=drawer,
        primary=_summarise_link(actor, log.listing),
        actions=[*_links(actor), *_ways_out(actor, log.listing)],
        is_counted=is_counted,
    )


def _counted_search(actor: Actor) -> Criteria:
    """Return what a part of the page counts, after writing down a search that nobody saw yet."""
    criteria = read_asked()
    if criteria.query.terms and not was_shown(criteria.query, request.args.get("shown")):
        record_search(actor, query=criteria.query.canonical())
    return criteria


def _drawer(actor: Actor, log: Log) -> dict[str, Any]:
    """Return what the drawer shows: nothing, an event, or that there is no such event."""
    text = request.args.get("detail")
    if not text:
        return {}
    frame: dict[str, Any] = {"title": "No such event", "close_href": log_address()}
    frame |= {"detail": None, "deleted": None}
    try:
        event_id = UUID(text)
    except ValueError:
        return frame
    try:
        event = read_event(actor, event_id)
    except NotFound:
        return {**frame, **_deleted_in_drawer(event_id)}
    may_erase = actor.may(Permission.ERASURE_CREATE)
    detail = event_detail(event, tenant_here().zone, log.address_of, may_erase=may_erase)
    above, below = log.beside(event.id)
    return {
        **frame,
        "title": detail.title,
        "detail": detail,
        "full_href": url_for("audit.show", event_id=event.id),
        "previous_href": event_href(above) if above else None,
        "next_href": event_href(below) if below else None,
        "row_id": f"row-{event.id}",
    }


def _deleted_in_drawer(event_id: UUID) -> dict[str, Any]:
    """Return what the drawer says of an event that was deleted; nothing where none was."""
    try:
        deletion = get_deletion_of(event_id)
    except NotFound:
        return {}
    return {
        "title": DELETED_TITLE,
        "deleted": DELETED_WORDS,
        "facts": deletion_facts(deletion, tenant_here().zone),
        "full_href": url_for("audit.show", event_id=event_id),
    }


def _ways_out(actor: Actor, listing: Listing[EventLine]) -> list[dict[str, Any]]:
    """Return the ways to what the list shows as a file, as a link and as a command."""
    query = listing.criteria.query.canonical() or None
    sort = TURNED if listing.criteria.turned else None
    share = {"label": "Share", "href": url_for("sharing.show", q=query, sort=sort)}
    if not actor.may(Permission.AUDIT_EVENT_EXPORT):
        return [share]
    return [{"label": "Export", "href": url_for("exports.new", q=query)}, share]


def _links(actor: Actor) -> list[dict[str, Any]]:
    """Return the ways to how the log is sealed, what events look like, and where others come in."""
    links = [{"label": "Seal", "href": url_for("seal.index"), "variant": "quiet"}]
    if actor.may(Permission.EVENT_TYPE_READ):
        href = url_for("event_types.index")
        links.append({"label": "Event types", "href": href, "variant": "quiet"})
    if actor.may(Permission.AUDIT_EVENT_IMPORT):
        links.append({"label": "Imports", "href": url_for("imports.index"), "variant": "quiet"})
    return links


def _summarise_link(actor: Actor, listing: Listing[EventLine]) -> dict[str, Any] | None:
    if not actor.may(Permission.SUMMARY_CREATE) or not listing.page.rows:
        return None
    query = listing.criteria.query.canonical() or None
    href = url_for("summaries.new", q=query)
    return {"label": f"Summarise {listing.count_words}", "href": href}
