"""A summary as its page shows it: header, coverage, and what the components need around them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for

from app.kernel.actor import Actor
from app.kernel.query_language.times import between
from app.kernel.times import exact
from app.summaries.claims.verdicts import Verdict
from app.summaries.drafting.answering import REPAIRED
from app.summaries.drafting.refusals import REFUSED
from app.summaries.errors import FilterInvalid
from app.summaries.models import Summary, SummaryClaim
from app.summaries.queries import was_changed
from app.summaries.reviewing.steps import hand_actions, later_actions
from app.summaries.slices import TIME_KEY, slice_of
from app.summaries.states import PENDING, TONES, RejectReason, Status
from app.vocabulary.permissions import Permission

_TITLE = 160


def header(
    actor: Actor, summary: Summary, zone: ZoneInfo, next_id: UUID | None, csrf_token: str
) -> dict[str, Any]:
    """Return title, line, badges and actions of the page; `next_id` is the version after this."""
    status = Status(summary.status)
    asked = f"asked by {summary.requested_by_name}, {exact(summary.requested_at, zone)}"
    version = f"version {summary.version}" if summary.version > 1 else None
    parts = [asked, version, summary.prompt, summary.model]
    badges = [{"text": status.words, "tone": TONES[status]}]
    if status is Status.IN_REVIEW:
        badges = [{"text": "AI draft", "tone": "ai"}]
    if summary.provider_label:
        tone = "warning" if summary.is_extractive else "neutral"
        badges.append({"text": summary.provider_label, "tone": tone})
    return {
        "title": summary.title[:_TITLE],
        "meta": " · ".join(part for part in parts if part)[:300],
        "badges": badges,
        "crumbs": [{"label": "Summaries", "href": url_for("summaries.index")}],
        "actions": [
            *hand_actions(actor, summary, csrf_token),
            *later_actions(actor, summary, has_next=next_id is not None),
            *_actions(actor, summary, next_id, csrf_token),
        ],
    }


def coverage(
    summary: Summary, claims: Sequence[SummaryClaim], zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Return how much of the slice the summary rests on, and who wrote it."""
    cited = {event_id for claim in claims for event_id in claim.event_ids}
    window = f"{exact(summary.window_start, zone)} – {exact(summary.window_end, zone)}"
    facts: list[dict[str, Any]] = [
        {
            "value": f"{summary.events_seen or 0:,} of {summary.events_total:,}",
            "label": "events seen",
        },
        {"value": str(len(cited)), "label": "cited"},
        {"value": window, "label": "window", "label_first": True},
        {"value": summary.query or "none", "label": "filter", "label_first": True},
    ]
    if summary.watermark is not None:
        log = f"{summary.watermark:,} events, {summary.sealed or 0:,} sealed"
        facts.append({"value": log, "label": "log then", "label_first": True})
    if summary.question is not None:
        facts.append({"value": f"“{summary.question}”", "label": "question", "label_first": True})
    if summary.provider_label:
        facts.append({"value": summary.provider_label, "label": "written by", "label_first": True})
    return facts


def repair_words(summary: Summary, claims: Sequence[SummaryClaim]) -> str | None:
    """Return how the repair round ended, in words; None where there was none."""
    if summary.repair is None:
        return None
    if summary.repair != REPAIRED:
        reason = summary.repair.replace("_", " ")
        return f"Claims that the log does not support could not go back to the model: {reason}."
    sent = [claim for claim in claims if claim.before_repair is not None]
    held = sum(1 for claim in sent if claim.verdict == Verdict.SUPPORTED.value)
    return f"{len(sent)} of its claims went back to the model once; {held} of them hold now."


def waiting(summary: Summary) -> dict[str, Any] | None:
    """Return how far the draft has come, or None when nobody waits for it."""
    if Status(summary.status) not in PENDING:
        return None
    is_counted = summary.progress_total > 0
    return {
        "title": summary.progress or "Waiting for a worker",
        "body": "You can leave this page; the draft will be in the list of summaries.",
        "value": summary.progress_done if is_counted else None,
        "max": summary.progress_total if is_counted else None,
        "poll_url": url_for("summaries.progress", summary_id=summary.id),
    }


def failure(actor: Actor, summary: Summary, csrf_token: str) -> dict[str, Any] | None:
    """Return why there is no draft and what can be done, or None when there is no failure."""
    status = Status(summary.status)
    log = {"label": "Open the events", "href": log_href(summary)}
    if status is Status.CANCELLED:
        body = "Nothing was drafted. Ask again from the audit log whenever you like."
        title = "This summary was called off"
        return {"kind": "empty", "title": title, "body": body, "actions": [log]}
    if status is not Status.FAILED:
        return None
    again = {
        "label": "Try again",
        "href": url_for("summaries.retry", summary_id=summary.id),
        "csrf_token": csrf_token,
    }
    return {
        "kind": "no_match" if summary.failure_code in REFUSED else "error",
        "title": "There is no draft",
        "body": (summary.failure_detail or "")[:400],
        "actions": [again, log] if summary.requested_by == actor.id else [log],
    }


def decision_notice(summary: Summary, zone: ZoneInfo) -> dict[str, Any] | None:
    """Return what was decided, by whom and when; None before a decision."""
    if summary.decided_at is None:
        return None
    if summary.withdrawn_at is not None:
        by = f"by {summary.withdrawn_by_name}, {exact(summary.withdrawn_at, zone)}"
        body = f"{summary.withdrawal_reason} Do not rely on it."
        return {"tone": "warning", "title": f"Withdrawn {by}", "body": body[:600]}
    by = f"by {summary.decided_by_name}, {exact(summary.decided_at, zone)}"
    if summary.is_seeded:
        return _test_notice(summary, by)
    if Status(summary.status) is Status.APPROVED:
        body = f"The signature covers exactly this text and its evidence: {summary.approved_hash}."
        return {"tone": "success", "title": f"Approved {by}", "body": body}
    reason = RejectReason(summary.decision_reason_code or RejectReason.OTHER).label
    body = f"{reason}. {summary.decision_note}" if summary.decision_note else f"{reason}."
    return {"tone": "warning", "title": f"Rejected {by}", "body": body}


def _test_notice(summary: Summary, by: str) -> dict[str, Any]:
    """Say that a draft was a test of its reviewer, and how it ended."""
    if Status(summary.status) is Status.CAUGHT:
        body = "One of its claims was made wrong, and was found. Nothing of it was ever signed."
        return {"tone": "success", "title": f"A test draft, caught {by}", "body": body}
    body = "One of its claims was made wrong and stayed in. Nothing of it was signed; see which."
    return {"tone": "warning", "title": f"A test draft, missed {by}", "body": body}


def log_href(summary: Summary) -> str:
    """Return the address of the audit log with exactly the slice of the summary.

    Of a filter that is not understood any more, the log itself says so.
    """
    try:
        slice_ = slice_of(summary)
    except FilterInvalid:
        return url_for("audit.index", q=summary.query)
    window = between(TIME_KEY, slice_.start, slice_.end)
    # Times inside the query are alternatives to each other, so the window cannot stand beside them.
    has_times = bool(slice_.query.terms_of(TIME_KEY))
    query = slice_.query if has_times else slice_.query.with_term(window)
    return url_for("audit.index", q=query.canonical())


def _actions(
    actor: Actor, summary: Summary, next_id: UUID | None, csrf_token: str
) -> list[Mapping[str, Any]]:
    actions: list[Mapping[str, Any]] = []
    if next_id is not None:
        href = url_for("summaries.show", summary_id=next_id)
        actions.append({"label": f"Version {summary.version + 1}", "href": href})
    may_cancel = summary.requested_by == actor.id or actor.may(Permission.SUMMARY_APPROVE)
    if Status(summary.status) in PENDING and may_cancel and actor.may(Permission.SUMMARY_CREATE):
        cancel = url_for("summaries.cancel", summary_id=summary.id)
        actions.append({"label": "Cancel", "href": cancel, "csrf_token": csrf_token})
    if actor.may(Permission.EVALUATION_CREATE) and _teaches(summary):
        case = url_for("evaluations.make", summary_id=summary.id)
        actions.append({"label": "Make a case", "href": case, "csrf_token": csrf_token})
    if actor.may(Permission.AUDIT_EVENT_READ):
        actions.append({"label": "Open the events", "href": log_href(summary)})
    return actions


def _teaches(summary: Summary) -> bool:
    """Say whether the review found something that models should do better."""
    status = Status(summary.status)
    return status is Status.REJECTED or (status is Status.APPROVED and was_changed(summary.id))
