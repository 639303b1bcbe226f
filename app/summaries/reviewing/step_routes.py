"""Steps around a review: in hand and back, withdrawn, and asked for anew."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.actor import Actor
from app.kernel.problems import Problem, Refused
from app.kernel.record_pages import FormWords, render_form
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.summaries.forms import QuestionForm, WithdrawalForm
from app.summaries.models import Summary
from app.summaries.queries import get_summary
from app.summaries.service.refused_steps import record_refusal
from app.summaries.service.requests import request_version
from app.summaries.service.reservations import release_summary, reserve_summary
from app.summaries.service.withdrawals import withdraw_summary
from app.vocabulary.permissions import Permission

pages = TenantPages("summary_steps", __name__, "/summaries")


@pages.post("/<uuid:summary_id>/reservation", requires=Permission.SUMMARY_APPROVE)
def reserve(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    takes_over = request.form.get("over") == "yes"
    return _step(
        actor, summary_id, lambda: reserve_summary(actor, summary_id, takes_over=takes_over)
    )


@pages.post("/<uuid:summary_id>/release", requires=Permission.SUMMARY_APPROVE)
def release(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    return _step(actor, summary_id, lambda: release_summary(actor, summary_id))


@pages.form("/<uuid:summary_id>/withdrawal", requires=Permission.SUMMARY_APPROVE)
def withdraw(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    summary = get_summary(actor, summary_id)
    form = WithdrawalForm()
    words = FormWords(
        f"Withdraw “{summary.title[:100]}”?",
        "Withdraw",
        cancel_href=_back(summary_id),
        crumbs=_crumbs(summary),
        consequences=[
            "Readers see that it was withdrawn, by whom and why, and no claim of it any more",
            "What was signed stays as it was, with its signature, for those who may sign",
        ],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        withdraw_summary(actor, summary_id, reason=form.reason.data or "")
    except Problem as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(_back(summary_id))


@pages.form("/<uuid:summary_id>/version", requires=Permission.SUMMARY_CREATE)
def renew(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    summary = get_summary(actor, summary_id)
    form = QuestionForm(question=summary.question)
    words = FormWords(
        f"Ask for version {summary.version + 1}",
        "Ask again",
        cancel_href=_back(summary_id),
        crumbs=_crumbs(summary),
        meta="The same events, drafted anew. The new draft shows what changed.",
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        version_id = request_version(actor, summary_id, question=form.question.data)
    except Problem as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(url_for("summaries.show", summary_id=version_id))


def _step(actor: Actor, summary_id: UUID, command: Callable[[], None]) -> ResponseReturnValue:
    get_summary(actor, summary_id)
    try:
        command()
    except Refused as problem:
        step = (request.endpoint or "").rpartition(".")[2]
        record_refusal(actor, problem, step=step, summary_id=summary_id)
        flash(problem.detail)
    return redirect_to(_back(summary_id))


def _back(summary_id: UUID) -> str:
    return url_for("summaries.show", summary_id=summary_id)


def _crumbs(summary: Summary) -> list[dict[str, str]]:
    return [
        {"label": "Summaries", "href": url_for("summaries.index")},
        {"label": summary.title, "href": _back(summary.id)},
    ]
