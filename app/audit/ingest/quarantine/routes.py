"""The pages of the quarantine."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.event_types.tabs import ingestion_tabs
from app.audit.ingest.quarantine.clearing import clear_quarantine
from app.audit.ingest.quarantine.collection import QUARANTINE
from app.audit.ingest.quarantine.forms import (
    ClearForm,
    DiscardForm,
    ReplayForm,
    chosen_action,
    with_waiting,
)
from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay, ReplayStatus
from app.audit.ingest.quarantine.presenting import (
    item_actions,
    item_advice,
    item_facts,
    item_panel,
    item_title,
    problem_table,
    replay_badge,
    replay_facts,
    replay_title,
    type_link,
)
from app.audit.ingest.quarantine.queries import find_latest_replay
from app.audit.ingest.quarantine.requesting import request_replay
from app.audit.ingest.quarantine.service import (
    cancel_replay,
    discard_item,
    read_item,
    replay_item,
)
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.job_pages import Progress, asks_for_progress, render_job
from app.kernel.problems import Refused
from app.kernel.record_pages import FormWords, Panel, render_form
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to, render_page
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("quarantine", __name__, "/quarantine")


@pages.get("", requires=Permission.QUARANTINE_READ)
def index(actor: Actor) -> ResponseReturnValue:
    listing = open_listing(QUARANTINE)
    actions = []
    if latest := find_latest_replay():
        actions.append(
            {"label": "Last replay", "href": url_for("quarantine.show_replay", replay_id=latest.id)}
        )
    primary = {"label": "Replay…", "href": url_for("quarantine.replay_all")}
    can_replay = actor.may(Permission.QUARANTINE_UPDATE) and listing.page.rows
    if can_replay:
        actions.append({"label": "Discard…", "href": url_for("quarantine.clear")})
    return render_list(
        listing,
        tabs=ingestion_tabs(actor),
        primary=primary if can_replay else None,
        actions=actions,
    )


@pages.get("/<uuid:item_id>", requires=Permission.QUARANTINE_READ)
def show(actor: Actor, item_id: UUID) -> ResponseReturnValue:
    item, zone = read_item(actor, item_id), tenant_here().zone
    header = {
        "title": item_title(item),
        "meta": item_advice(item),
        "crumbs": _crumbs(),
        "actions": [*type_link(actor, item), *item_actions(actor, item)],
    }
    panels = [
        Panel("Why it is refused", table=problem_table(item)).props(),
        item_panel(item),
        Panel("Refused item", item_facts(item, zone)).props(),
    ]
    return render_page("record.html", {"header": header, "tabs": None, "panels": panels})


@pages.post("/<uuid:item_id>/replay", requires=Permission.QUARANTINE_UPDATE)
def replay(actor: Actor, item_id: UUID) -> ResponseReturnValue:
    result = replay_item(actor, item_id)
    if not result.left:
        flash("It is still refused; the reasons are those of now.")
        return redirect_to(url_for("quarantine.show", item_id=item_id))
    flash("The log had this event already." if result.was_known else "It is an event now.")
    return redirect_to(url_for("quarantine.index"))


@pages.form("/<uuid:item_id>/discard", requires=Permission.QUARANTINE_UPDATE)
def discard(actor: Actor, item_id: UUID) -> ResponseReturnValue:
    item = get_record(QuarantinedItem, item_id)
    form = DiscardForm()
    words = FormWords(
        "Discard a refused item",
        "Discard it",
        cancel_href=url_for("quarantine.show", item_id=item_id),
        crumbs=_crumbs(),
        facts=item_facts(item, tenant_here().zone)[:4],
        consequences=(
            "What was sent is deleted for good, and never becomes an event.",
            "The log keeps that you discarded it, with its hash and your reason.",
        ),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    discard_item(actor, item_id, reason=form.reason.data or "")
    flash("The item is discarded.")
    return redirect_to(url_for("quarantine.index"))


@pages.form("/discard", requires=Permission.QUARANTINE_UPDATE)
def clear(actor: Actor) -> ResponseReturnValue:
    form = with_waiting(ClearForm())
    words = FormWords(
        "Discard refused items",
        "Discard them",
        cancel_href=url_for("quarantine.index"),
        crumbs=_crumbs(),
        consequences=(
            "Everything of it that waits is deleted for good, and never becomes an event.",
            "The log keeps how many you discarded, with a hash over theirs and your reason.",
        ),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        count = clear_quarantine(actor, action=chosen_action(form), reason=form.reason.data or "")
    except Refused as problem:
        return render_form(form, words, problem=problem)
    flash("1 item is discarded." if count == 1 else f"{count:,} items are discarded.")
    return redirect_to(url_for("quarantine.index"))


@pages.form("/replays", requires=Permission.QUARANTINE_UPDATE)
def replay_all(actor: Actor) -> ResponseReturnValue:
    form = with_waiting(ReplayForm())
    words = FormWords(
        "Replay refused items",
        "Replay",
        cancel_href=url_for("quarantine.index"),
        crumbs=_crumbs(),
        meta="Everything that waits now is tried again, against the event types of now.",
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        replay_id = request_replay(actor, action=chosen_action(form))
    except Refused as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(url_for("quarantine.show_replay", replay_id=replay_id))


@pages.get("/replays/<uuid:replay_id>", requires=Permission.QUARANTINE_READ)
def show_replay(actor: Actor, replay_id: UUID) -> ResponseReturnValue:
    return _show_replay(actor, get_record(QuarantineReplay, replay_id))


@pages.get("/replays/<uuid:replay_id>/progress", requires=Permission.QUARANTINE_READ)
def progress(actor: Actor, replay_id: UUID) -> ResponseReturnValue:
    found = get_record(QuarantineReplay, replay_id)
    if found.status != ReplayStatus.RUNNING or not asks_for_progress():
        return redirect_to(url_for("quarantine.show_replay", replay_id=replay_id))
    return _show_replay(actor, found)


@pages.post("/replays/<uuid:replay_id>/cancel", requires=Permission.QUARANTINE_UPDATE)
def cancel(actor: Actor, replay_id: UUID) -> ResponseReturnValue:
    cancel_replay(actor, replay_id)
    flash("The replay is called off. What it stored until then stays stored.")
    return redirect_to(url_for("quarantine.show_replay", replay_id=replay_id))


def _show_replay(actor: Actor, found: QuarantineReplay) -> ResponseReturnValue:
    is_running = found.status == ReplayStatus.RUNNING
    can_cancel = is_running and actor.may(Permission.QUARANTINE_UPDATE)
    return render_job(
        replay_title(found),
        [Panel("Replay", replay_facts(found, tenant_here().zone))],
        progress=_progress(found) if is_running else None,
        badges=[replay_badge(found)],
        crumbs=_crumbs(),
        actions=[_cancel(found)] if can_cancel else [],
    )


def _cancel(replay: QuarantineReplay) -> dict[str, str]:
    return {
        "label": "Call it off",
        "href": url_for("quarantine.cancel", replay_id=replay.id),
        "csrf_token": generate_csrf(),
    }


def _progress(replay: QuarantineReplay) -> Progress:
    return Progress(
        f"{replay.done:,} of {replay.items:,} items tried again",
        replay.done,
        replay.items,
        url_for("quarantine.progress", replay_id=replay.id),
    )


def _crumbs() -> list[dict[str, str]]:
    return [{"label": "Quarantine", "href": url_for("quarantine.index")}]
