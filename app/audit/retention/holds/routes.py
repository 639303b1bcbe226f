"""The pages of legal holds."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.retention.errors import HoldReleased
from app.audit.retention.holds.collection import HOLDS
from app.audit.retention.holds.forms import PlaceForm, ReleaseForm
from app.audit.retention.holds.models import LegalHold
from app.audit.retention.holds.presenting import hold_actions, hold_badge, hold_facts, hold_words
from app.audit.retention.holds.service import place_hold, release_hold
from app.audit.retention.tabs import retention_tabs
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Moment
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.problems import InvalidInput
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("holds", __name__, "/settings/retention/holds")


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    place = {"label": "Place a hold", "href": url_for("holds.new")}
    may_place = actor.may(Permission.RETENTION_UPDATE)
    return render_list(
        open_listing(HOLDS), tabs=retention_tabs(actor), primary=place if may_place else None
    )


@pages.form("/new", requires=Permission.RETENTION_UPDATE)
def new(actor: Actor) -> ResponseReturnValue:
    form = PlaceForm(q=request.args.get("q", ""))
    words = FormWords(
        "Place a legal hold",
        "Place the hold",
        cancel_href=url_for("holds.index"),
        crumbs=_crumbs(),
        meta="Nothing it covers is deleted until somebody releases it.",
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        hold = place_hold(actor, form.q.data or "", form.reason.data or "", _moment())
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    flash("The hold is in force.")
    return redirect_to(url_for("holds.show", hold_id=hold.id))


@pages.get("/<uuid:hold_id>", requires=Permission.SETTING_READ)
def show(actor: Actor, hold_id: UUID) -> ResponseReturnValue:
    hold = get_record(LegalHold, hold_id)
    return render_record(
        f"Hold on {hold_words(hold)}",
        [Panel("Legal hold", hold_facts(hold, tenant_here().zone))],
        badges=[hold_badge(hold)],
        crumbs=_crumbs(),
        actions=hold_actions(hold, may_release=actor.may(Permission.RETENTION_UPDATE)),
    )


@pages.form("/<uuid:hold_id>/release", requires=Permission.RETENTION_UPDATE)
def release(actor: Actor, hold_id: UUID) -> ResponseReturnValue:
    hold, form = get_record(LegalHold, hold_id), ReleaseForm()
    words = FormWords(
        f"Release the hold on {hold_words(hold)}",
        "Release",
        cancel_href=url_for("holds.show", hold_id=hold_id),
        crumbs=_crumbs(),
        consequences=(
            "What it covered and is over its time goes with the next deletion.",
            "Events that another hold covers as well stay.",
        ),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        release_hold(actor, hold_id, form.reason.data or "", _moment())
    except (HoldReleased, InvalidInput) as problem:
        return render_form(form, words, problem=problem)
    flash("The hold is released.")
    return redirect_to(url_for("holds.show", hold_id=hold_id))


def _moment() -> Moment:
    return Moment(clock.now(), tenant_here().zone)


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": "Retention", "href": url_for("retention.index")},
        {"label": HOLDS.title, "href": url_for("holds.index")},
    ]
