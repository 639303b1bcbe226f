"""The pages of the audit log."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.collection import AUDIT_LOG, log_address
from app.audit.histogram import histogram
from app.audit.presenting import event_facts, event_pivots, event_title, histogram_view
from app.audit.proof.presenting import seal_fact
from app.audit.search.lines import EventLine
from app.audit.search.shown import shown_token, was_shown
from app.audit.service import read_event, record_search
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.criteria import Criteria, address_of, read_criteria
from app.kernel.collections.declaration import Moment
from app.kernel.collections.listing import Listing, open_listing
from app.kernel.collections.rendering import PARTS, render_list
from app.kernel.problems import NotFound
from app.kernel.query_language.times import between
from app.kernel.record_pages import Panel, render_record
from app.kernel.rendering import render_page, wanted_part
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

# What is drawn later replaces itself and has no id, so htmx names no target.
LATER = {"": "histogram"}

pages = TenantPages("audit", __name__, "/audit-log")


@pages.get("", requires=Permission.AUDIT_EVENT_READ)
def index(actor: Actor) -> ResponseReturnValue:
    drawer = _drawer(actor)
    listing = open_listing(AUDIT_LOG)
    # Whoever sees what a filter found has searched; the drawer alone shows one event, and
    # reading that is an event of its own.
    if listing.is_filtered and wanted_part(PARTS) != PARTS["detail"]:
        record_search(actor, query=listing.criteria.query.canonical())
    later = _drawn_later(listing.criteria) if listing.page.rows else None
    return _page(actor, listing, histogram=later, drawer=drawer)


@pages.get("/over-time", requires=Permission.AUDIT_EVENT_READ)
def over_time(actor: Actor) -> ResponseReturnValue:
    """Draw the bars above the list: for htmx alone, and in the page where there is no script."""
    criteria = read_criteria(AUDIT_LOG, request.args)
    if criteria.query.terms and not was_shown(criteria.query, request.args.get("shown")):
        record_search(actor, query=criteria.query.canonical())
    moment = Moment(clock.now(), tenant_here().zone)
    drawn = _drawn(criteria, moment)
    if wanted_part(LATER) is None:
        listing = open_listing(AUDIT_LOG, url_for("audit.index"))
        return _page(actor, listing, histogram=drawn, drawer={})
    return render_page("explorer.html", {"drawn": drawn}, parts=LATER)


@pages.get("/<uuid:event_id>", requires=Permission.AUDIT_EVENT_READ)
def show(actor: Actor, event_id: UUID) -> ResponseReturnValue:
    event = read_event(actor, event_id)
    zone = tenant_here().zone
    return render_record(
        event_title(event),
        [Panel("Event", [*event_facts(event, zone), seal_fact(event)])],
        crumbs=[{"label": "Audit log", "href": url_for("audit.index")}],
        actions=event_pivots(event),
    )


def _page(
    actor: Actor,
    listing: Listing[EventLine],
    *,
    histogram: Mapping[str, Any] | None,
    drawer: Mapping[str, Any],
) -> Response:
    return render_list(
        listing,
        histogram=histogram,
        drawer=drawer,
        primary=_summarise_form(actor, listing),
        actions=[*_exports(actor, listing), *_links(actor)],
    )


def _drawn_later(criteria: Criteria) -> dict[str, Any]:
    """Return the place of the bars, which the list does not wait for."""
    shown = shown_token(criteria.query) if criteria.query.terms else None
    return {
        "summary": "Counting events",
        "buckets": [],
        "load_url": address_of(url_for("audit.over_time"), criteria, shown=shown),
    }


def _drawn(criteria: Criteria, moment: Moment) -> dict[str, Any] | None:
    query, path = criteria.query, url_for("audit.index")
    bars = histogram(query, moment)
    if bars is None:
        return None
    return histogram_view(
        bars,
        moment.zone,
        lambda bar: address_of(
            path, criteria, q=query.with_only(between("created", bar.start, bar.end)).canonical()
        ),
    )


def _drawer(actor: Actor) -> dict[str, Any]:
    """Return what the drawer shows: nothing, an event, or that there is no such event."""
    text = request.args.get("detail")
    if not text:
        return {}
    frame = {"close_href": log_address(), "full_href": None}
    try:
        event = read_event(actor, UUID(text))
    except (ValueError, NotFound):
        return {**frame, "title": "No such event", "facts": [], "pivots": []}
    return {
        **frame,
        "title": event_title(event),
        "facts": [*event_facts(event, tenant_here().zone), seal_fact(event)],
        "pivots": event_pivots(event),
        "full_href": url_for("audit.show", event_id=event.id),
    }


def _exports(actor: Actor, listing: Listing[EventLine]) -> list[dict[str, Any]]:
    """Return the way to what the list shows as a file."""
    if not actor.may(Permission.AUDIT_EVENT_EXPORT):
        return []
    query = listing.criteria.query.canonical()
    return [{"label": "Export", "href": url_for("exports.new", q=query or None)}]


def _links(actor: Actor) -> list[dict[str, Any]]:
    """Return the ways to how the log is sealed, and to what events have to look like."""
    links = [{"label": "Seal", "href": url_for("seal.index")}]
    if actor.may(Permission.EVENT_TYPE_READ):
        links.append({"label": "Event types", "href": url_for("event_types.index")})
    return links


def _summarise_form(actor: Actor, listing: Listing[EventLine]) -> dict[str, Any] | None:
    if not actor.may(Permission.SUMMARY_CREATE) or not listing.page.rows:
        return None
    return _post(f"Summarise {listing.count_words}", url_for("summaries.create"), listing)


def _post(label: str, href: str, listing: Listing[EventLine]) -> dict[str, Any]:
    return {
        "label": label,
        "href": href,
        "csrf_token": generate_csrf(),
        "fields": {"q": listing.criteria.query.canonical()},
    }
