"""The pages of the audit log."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.collection import AUDIT_LOG, log_address
from app.audit.export import csv_lines
from app.audit.histogram import Histogram, histogram
from app.audit.models import AuditEvent
from app.audit.presenting import event_facts, event_pivots, event_title, histogram_view
from app.audit.proof.presenting import seal_fact
from app.audit.search.lines import EventLine
from app.audit.service import ExportRequest, read_event, record_export, record_search
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.criteria import read_criteria
from app.kernel.collections.declaration import Moment
from app.kernel.collections.listing import Listing, open_listing
from app.kernel.collections.matching import matching
from app.kernel.collections.rendering import PARTS, render_list
from app.kernel.problems import InvalidInput, NotFound
from app.kernel.query_language.times import between
from app.kernel.record_pages import Panel, render_record
from app.kernel.rendering import wanted_part
from app.kernel.routing import TenantPages, database
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("audit", __name__, "/audit-log")


@pages.get("", requires=Permission.AUDIT_EVENT_READ)
def index(actor: Actor) -> ResponseReturnValue:
    drawer = _drawer(actor)
    listing = open_listing(AUDIT_LOG)
    # Whoever sees what a filter found has searched; the drawer alone shows one event, and
    # reading that is an event of its own.
    if listing.is_filtered and wanted_part(PARTS) != PARTS["detail"]:
        record_search(actor, query=listing.criteria.query.canonical())
    bars = histogram(listing.criteria.query, listing.moment)
    return render_list(
        listing,
        histogram=_histogram(bars, listing) if bars else None,
        drawer=drawer,
        primary=_summarise_form(actor, listing, has_events=listing.count > 0),
        actions=[*_export_forms(actor, listing), *_links(actor)],
    )


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


@pages.post("/exports", requires=Permission.AUDIT_EVENT_EXPORT)
def export(actor: Actor) -> ResponseReturnValue:
    criteria = read_criteria(AUDIT_LOG, request.form)
    if criteria.errors:
        raise InvalidInput("The filter could not be read, so nothing was exported.")
    query = criteria.query
    record_export(actor, ExportRequest(query.canonical(), "csv"))
    moment = Moment(clock.now(), tenant_here().zone)
    statement = matching(AUDIT_LOG, query, moment).order_by(
        AuditEvent.occurred_at.desc(), AuditEvent.id.desc()
    )
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  werkzeug's own way
    lines = csv_lines(app, database(), actor.tenant, statement)
    response = Response(lines, content_type="text/csv; charset=utf-8")
    name = f"audit-log-{tenant_here().slug}-{moment.now:%Y%m%dT%H%M%SZ}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _histogram(bars: Histogram, listing: Listing[EventLine]) -> dict[str, Any]:
    query = listing.criteria.query
    return histogram_view(
        bars,
        listing.moment.zone,
        lambda bar: listing.address(
            q=query.with_only(between("created", bar.start, bar.end)).canonical()
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


def _export_forms(actor: Actor, listing: Listing[EventLine]) -> list[dict[str, Any]]:
    if not actor.may(Permission.AUDIT_EVENT_EXPORT):
        return []
    return [_post("Export CSV", url_for("audit.export"), listing)]


def _links(actor: Actor) -> list[dict[str, Any]]:
    """Return the ways to how the log is sealed, and to what events have to look like."""
    links = [{"label": "Seal", "href": url_for("seal.index")}]
    if actor.may(Permission.EVENT_TYPE_READ):
        links.append({"label": "Event types", "href": url_for("event_types.index")})
    return links


def _summarise_form(
    actor: Actor, listing: Listing[EventLine], *, has_events: bool
) -> dict[str, Any] | None:
    if not actor.may(Permission.SUMMARY_CREATE) or not has_events:
        return None
    return _post(f"Summarise {listing.count_words}", url_for("summaries.create"), listing)


def _post(label: str, href: str, listing: Listing[EventLine]) -> dict[str, Any]:
    return {
        "label": label,
        "href": href,
        "csrf_token": generate_csrf(),
        "fields": {"q": listing.criteria.query.canonical()},
    }
