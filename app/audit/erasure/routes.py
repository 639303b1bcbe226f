"""The pages of erasures of a person."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.audit.erasure.collection import ERASURES
from app.audit.erasure.errors import ErasureEnded, ErasureOpen, SamePerson, WholeLogHeld
from app.audit.erasure.forms import ApproveForm, RefuseForm, RequestForm
from app.audit.erasure.models import ErasureStatus, PersonErasure
from app.audit.erasure.presenting import (
    OUT_OF_REACH,
    consequences,
    erasure_actions,
    erasure_badge,
    erasure_facts,
    erasure_progress,
    held_facts,
    number_facts,
)
from app.audit.erasure.service import (
    approve_erasure,
    refuse_erasure,
    request_erasure,
    withdraw_erasure,
)
from app.audit.retention.holds.models import LegalHold
from app.audit.retention.tabs import retention_tabs
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.database import current_session
from app.kernel.job_pages import asks_for_progress, render_job
from app.kernel.problems import InvalidInput
from app.kernel.record_pages import FormWords, Panel, render_form
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("erasures", __name__, "/settings/retention/erasures")


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    ask = {"label": "Erase a person", "href": url_for("erasures.new")}
    may_ask = actor.may(Permission.ERASURE_CREATE)
    return render_list(
        open_listing(ERASURES), tabs=retention_tabs(actor), primary=ask if may_ask else None
    )


@pages.form("/new", requires=Permission.ERASURE_CREATE)
def new(actor: Actor) -> ResponseReturnValue:
    form = RequestForm(person_id=request.args.get("actor", ""))
    words = FormWords(
        "Erase a person",
        "Count what would go",
        cancel_href=url_for("erasures.index"),
        crumbs=_crumbs(),
        meta="Nothing goes yet: it is counted first, and an owner other than you confirms it.",
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        erasure = request_erasure(
            actor, form.person_id.data or "", form.reason.data or "", form.words
        )
    except (ErasureOpen, InvalidInput) as problem:
        return render_form(form, words, problem=problem)
    flash("Asked for. What would go is being counted.")
    return redirect_to(url_for("erasures.show", erasure_id=erasure.id))


@pages.get("/<uuid:erasure_id>", requires=Permission.SETTING_READ)
def show(actor: Actor, erasure_id: UUID) -> ResponseReturnValue:
    return _show(actor, get_record(PersonErasure, erasure_id))


@pages.get("/<uuid:erasure_id>/progress", requires=Permission.SETTING_READ)
def progress(actor: Actor, erasure_id: UUID) -> ResponseReturnValue:
    erasure = get_record(PersonErasure, erasure_id)
    if not ErasureStatus(erasure.status).is_working or not asks_for_progress():
        return redirect_to(url_for("erasures.show", erasure_id=erasure_id))
    return _show(actor, erasure)


@pages.form("/<uuid:erasure_id>/approve", requires=Permission.ERASURE_APPROVE)
def approve(actor: Actor, erasure_id: UUID) -> ResponseReturnValue:
    erasure, form = get_record(PersonErasure, erasure_id), ApproveForm()
    words = FormWords(
        "Confirm the erasure of a person",
        "Erase",
        cancel_href=url_for("erasures.show", erasure_id=erasure_id),
        crumbs=_crumbs(erasure),
        facts=erasure_facts(erasure, tenant_here().zone),
        consequences=consequences(erasure),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        approve_erasure(actor, erasure_id)
    except (ErasureEnded, SamePerson, WholeLogHeld) as problem:
        return render_form(form, words, problem=problem)
    flash("Confirmed. The erasure goes on by itself.")
    return redirect_to(url_for("erasures.show", erasure_id=erasure_id))


@pages.form("/<uuid:erasure_id>/refuse", requires=Permission.ERASURE_APPROVE)
def refuse(actor: Actor, erasure_id: UUID) -> ResponseReturnValue:
    erasure, form = get_record(PersonErasure, erasure_id), RefuseForm()
    words = FormWords(
        "Refuse the erasure of a person",
        "Refuse",
        cancel_href=url_for("erasures.show", erasure_id=erasure_id),
        crumbs=_crumbs(erasure),
        meta="Nothing is erased. Who it was for is not kept.",
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        refuse_erasure(actor, erasure_id, form.reason.data or "")
    except (ErasureEnded, InvalidInput, SamePerson) as problem:
        return render_form(form, words, problem=problem)
    flash("Refused. Nothing is erased.")
    return redirect_to(url_for("erasures.show", erasure_id=erasure_id))


@pages.post("/<uuid:erasure_id>/withdraw", requires=Permission.ERASURE_CREATE)
def withdraw(actor: Actor, erasure_id: UUID) -> ResponseReturnValue:
    withdraw_erasure(actor, erasure_id)
    flash("Withdrawn. Nothing is erased.")
    return redirect_to(url_for("erasures.show", erasure_id=erasure_id))


def _show(actor: Actor, erasure: PersonErasure) -> Response:
    may_approve = actor.may(Permission.ERASURE_APPROVE)
    return render_job(
        "Erasure of a person",
        _panels(erasure),
        progress=erasure_progress(erasure),
        badges=[erasure_badge(erasure)],
        crumbs=_crumbs(),
        meta=_meta(actor, erasure),
        primary=_confirm(actor, erasure) if may_approve else None,
        actions=erasure_actions(
            erasure,
            actor_id=actor.id,
            may_create=actor.may(Permission.ERASURE_CREATE),
            may_approve=may_approve,
        ),
    )


def _panels(erasure: PersonErasure) -> list[Panel]:
    panels = [Panel("Request", erasure_facts(erasure, tenant_here().zone))]
    if erasure.status in {ErasureStatus.REFUSED, ErasureStatus.WITHDRAWN}:
        return panels
    title = "What went" if erasure.status == ErasureStatus.FINISHED else "What would go"
    panels.append(Panel(title, number_facts(erasure)))
    if erasure.held:
        holds = current_session().scalars(select(LegalHold)).all()
        words = "These events stay as they are. Once the hold is released, ask again."
        panels.append(Panel("Kept by a hold", held_facts(erasure.held_by, holds), meta=words))
    return [*panels, Panel("Out of reach", text=[{"type": "list", "items": list(OUT_OF_REACH)}])]


def _meta(actor: Actor, erasure: PersonErasure) -> str | None:
    if erasure.status != ErasureStatus.WAITING:
        return None
    if erasure.asked_by == actor.id:
        return "Counted. It waits for an owner other than you."
    return "Counted. It waits for an owner other than who asked for it."


def _confirm(actor: Actor, erasure: PersonErasure) -> dict[str, Any] | None:
    if erasure.status != ErasureStatus.WAITING or erasure.asked_by == actor.id:
        return None
    return {"label": "Confirm", "href": url_for("erasures.approve", erasure_id=erasure.id)}


def _crumbs(erasure: PersonErasure | None = None) -> list[dict[str, str]]:
    crumbs = [
        {"label": "Retention", "href": url_for("retention.index")},
        {"label": ERASURES.title, "href": url_for("erasures.index")},
    ]
    if erasure is not None:
        href = url_for("erasures.show", erasure_id=erasure.id)
        crumbs.append({"label": "Erasure of a person", "href": href})
    return crumbs
