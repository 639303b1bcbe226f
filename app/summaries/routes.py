"""The pages of summaries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.history.panel import history_panels
from app.audit.queries import EventFact
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.problems import InvalidInput, Problem, Refused
from app.kernel.record_pages import FormWords, Panel, render_form
from app.kernel.rendering import redirect_to, render_page, wanted_part
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.summaries.claims.verdicts import Verdict
from app.summaries.collection import SUMMARIES
from app.summaries.drafting.asking import facts_before
from app.summaries.errors import FilterInvalid
from app.summaries.forms import QuestionForm, RejectionForm
from app.summaries.models import Summary, SummaryClaim
from app.summaries.presenting import (
    coverage,
    decision_notice,
    failure,
    header,
    repair_words,
    waiting,
)
from app.summaries.queries import (
    find_next_version,
    get_claim,
    get_summary,
    list_claims,
    shown_claims,
)
from app.summaries.review_rule import is_blind
from app.summaries.reviewing.columns import (
    Review,
    claim_items,
    decisions,
    evidence_items,
    removed_sentences,
    signing_words,
)
from app.summaries.reviewing.editing import claim_form, read_claim
from app.summaries.reviewing.outcomes import note_outcome_seen
from app.summaries.reviewing.queue import queue_tabs
from app.summaries.reviewing.steps import hand_notice
from app.summaries.reviewing.version_panels import changes_panels
from app.summaries.service.decisions import approve_summary, reject_summary
from app.summaries.service.evidence import read_evidence
from app.summaries.service.refused_steps import record_refusal
from app.summaries.service.requests import cancel_summary, request_summary, retry_summary
from app.summaries.service.review import demand_review
from app.summaries.service.review import edit_claim as edit_claim_command
from app.summaries.service.review import remove_claim as remove_claim_command
from app.summaries.service.review_tests import end_test
from app.summaries.states import PENDING, RENEWED, RejectReason, Status
from app.vocabulary.permissions import Permission

pages = TenantPages("summaries", __name__, "/summaries")

# What shows the progress replaces itself and has no id, so htmx names no target.
PARTS = {"": "progress"}


@pages.get("", requires=Permission.SUMMARY_READ)
def index(actor: Actor) -> ResponseReturnValue:
    tabs = queue_tabs(None) if actor.may(Permission.SUMMARY_APPROVE) else ()
    return render_list(open_listing(SUMMARIES), tabs=tabs)


@pages.form("/new", requires=Permission.SUMMARY_CREATE)
def new(actor: Actor) -> ResponseReturnValue:
    query = request.args.get("q", "")
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            summary_id = request_summary(actor, query_text=query, question=form.question.data)
        except (InvalidInput, Refused) as problem:
            record_refusal(actor, problem, step="request")
            raise
        return redirect_to(url_for("summaries.show", summary_id=summary_id))
    words = FormWords(
        "Ask for a summary",
        "Ask",
        cancel_href=url_for("audit.index", q=query or None),
        crumbs=[{"label": "Summaries", "href": url_for("summaries.index")}],
        meta="A model drafts it, the log is asked about every claim, and another person signs it.",
        facts=facts_before(actor, query),
    )
    return render_form(form, words)


@pages.get("/<uuid:summary_id>", requires=Permission.SUMMARY_READ)
def show(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    summary = get_summary(actor, summary_id)
    note_outcome_seen(actor, summary)
    return _show(actor, summary, history=history_panels(actor, str(summary.id)))


@pages.get("/<uuid:summary_id>/progress", requires=Permission.SUMMARY_READ)
def progress(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    summary = get_summary(actor, summary_id)
    if Status(summary.status) not in PENDING or wanted_part(PARTS) is None:
        return redirect_to(url_for("summaries.show", summary_id=summary_id))
    return _show(actor, summary, parts=PARTS)


@pages.form("/<uuid:summary_id>/claims/<int:number>", requires=Permission.SUMMARY_APPROVE)
def edit_claim(actor: Actor, summary_id: UUID, number: int) -> ResponseReturnValue:
    summary = _in_review(actor, summary_id)
    claim = get_claim(summary.id, number)
    zone = tenant_here().zone
    back = url_for("summaries.show", summary_id=summary_id, _anchor=f"claim-{number}")
    form = claim_form(claim, read_evidence(actor, summary_id), zone)
    words = FormWords(
        f"Edit claim {number}",
        "Check and save",
        cancel_href=back,
        crumbs=_crumbs(summary),
        meta=f"Times in {zone.key}. The sentence is written from these fields, which are checked"
        " against the log when you save.",
        facts=[
            {"label": "It says", "value": claim.sentence},
            *([] if is_blind(summary, [claim]) else [_checked(claim)]),
        ],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    fields, event_ids = read_claim(form, claim, zone)
    try:
        checked = edit_claim_command(actor, summary_id, number, fields=fields, event_ids=event_ids)
    except Refused as problem:
        record_refusal(actor, problem, step="edit", summary_id=summary_id)
        return render_form(form, words, problem=problem)
    if claim.is_edited and checked.finding.verdict is Verdict.SUPPORTED:
        flash(f"Claim {number} was changed, and the log supports it.")
    return redirect_to(back)


@pages.post("/<uuid:summary_id>/claims/<int:number>/removal", requires=Permission.SUMMARY_APPROVE)
def remove_claim(actor: Actor, summary_id: UUID, number: int) -> ResponseReturnValue:
    return _decide(actor, summary_id, lambda: remove_claim_command(actor, summary_id, number))


@pages.post("/<uuid:summary_id>/approval", requires=Permission.SUMMARY_APPROVE)
def approve(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    if get_summary(actor, summary_id).is_seeded:
        return _decide(actor, summary_id, lambda: end_test(actor, summary_id, seen_hash=seen))
    return _decide(actor, summary_id, lambda: approve_summary(actor, summary_id, seen_hash=seen))


@pages.form("/<uuid:summary_id>/rejection", requires=Permission.SUMMARY_APPROVE)
def reject(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    summary = _in_review(actor, summary_id)
    back = url_for("summaries.show", summary_id=summary_id)
    form = RejectionForm()
    words = FormWords(
        f"Reject “{summary.title[:100]}”?",
        "Reject",
        cancel_href=back,
        crumbs=_crumbs(summary),
        consequences=["The draft stays readable for reviewers and for whoever asked for it"],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    reason, note = RejectReason(form.reason.data), form.note.data or ""
    try:
        if summary.is_seeded:
            end_test(actor, summary_id, rejected=reason, note=note)
        else:
            reject_summary(actor, summary_id, reason=reason, note=note)
    except Refused as problem:
        record_refusal(actor, problem, step="rejection", summary_id=summary_id)
        return render_form(form, words, problem=problem)
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(back)


@pages.post("/<uuid:summary_id>/cancellation", requires=Permission.SUMMARY_CREATE)
def cancel(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    return _decide(actor, summary_id, lambda: cancel_summary(actor, summary_id))


@pages.post("/<uuid:summary_id>/retry", requires=Permission.SUMMARY_CREATE)
def retry(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    return _decide(actor, summary_id, lambda: retry_summary(actor, summary_id))


def _checked(claim: SummaryClaim) -> dict[str, str]:
    return {"label": "Checked", "value": Verdict(claim.verdict).words}


def _in_review(actor: Actor, summary_id: UUID) -> Summary:
    summary = get_summary(actor, summary_id)
    demand_review(summary)
    return summary


def _crumbs(summary: Summary) -> list[dict[str, str]]:
    return [
        {"label": "Summaries", "href": url_for("summaries.index")},
        {"label": summary.title, "href": url_for("summaries.show", summary_id=summary.id)},
    ]


def _decide(actor: Actor, summary_id: UUID, command: Callable[[], None]) -> ResponseReturnValue:
    """Run a command and go back to the summary; a refusal stands above it as it is now."""
    get_summary(actor, summary_id)
    try:
        command()
    except (Refused, FilterInvalid) as problem:
        step = (request.endpoint or "").rpartition(".")[2]
        record_refusal(actor, problem, step=step, summary_id=summary_id)
        return _show(actor, get_summary(actor, summary_id), problem=problem)
    return redirect_to(url_for("summaries.show", summary_id=summary_id))


def _evidence(
    actor: Actor, summary: Summary, live: Sequence[SummaryClaim]
) -> dict[UUID, EventFact] | None:
    """Return the cited events by id, oldest first; None for who may not read the log."""
    if not actor.may(Permission.AUDIT_EVENT_READ):
        return None
    if not any(claim.event_ids for claim in live):
        return {}
    try:
        return {event.id: event for event in read_evidence(actor, summary.id)}
    except FilterInvalid:
        return {}


def _show(
    actor: Actor,
    summary: Summary,
    *,
    problem: Problem | None = None,
    parts: Mapping[str, str] | None = None,
    history: Sequence[Panel] = (),
) -> ResponseReturnValue:
    status = problem.status if problem else 200
    context = _context(actor, summary, problem)
    # A test draft has no history before its review; so in a blind review none is shown.
    is_told = not is_blind(summary, list_claims(summary.id))
    panels = [*changes_panels(actor, summary), *(history if is_told else ())]
    context["panels"] = [panel.props() for panel in panels]
    return render_page("summaries/show.html", context, parts=parts, status=status)


def _context(actor: Actor, summary: Summary, problem: Problem | None) -> dict[str, Any]:
    zone, csrf_token = tenant_here().zone, generate_csrf()
    claims = shown_claims(actor, summary)
    live = [claim for claim in claims if claim.removed_at is None]
    evidence = _evidence(actor, summary, live)
    blind = is_blind(summary, live) and actor.may(Permission.SUMMARY_APPROVE)
    review = Review(actor, summary, live, evidence, zone, csrf_token, is_blind=blind)
    next_version = find_next_version(summary) if Status(summary.status) in RENEWED else None
    next_id = next_version.id if next_version is not None else None
    return {
        "header": header(actor, summary, zone, next_id, csrf_token),
        "notice": _notice(actor, summary, problem, zone),
        "waiting": waiting(summary),
        "failure": failure(actor, summary, csrf_token),
        "coverage": {"items": coverage(summary, live, zone), "label": "Coverage"}
        if claims
        else None,
        "claims": claim_items(review),
        "decisions": decisions(review),
        "words": signing_words(review),
        "removed": removed_sentences(review, claims),
        "evidence": {
            "title": "Evidence",
            "items": evidence_items(review),
            "note": repair_words(summary, live) if review.sees_drafts and not blind else None,
        },
    }


def _notice(
    actor: Actor, summary: Summary, problem: Problem | None, zone: ZoneInfo
) -> dict[str, Any] | None:
    if problem is not None:
        return {"tone": "danger", "title": problem.title, "body": problem.detail}
    return decision_notice(summary, zone) or hand_notice(actor, summary, zone)
