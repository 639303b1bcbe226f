"""What a page offers around a draft: in whose hand it is, what comes before and after it."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.kernel.actor import Actor
from app.summaries.models import Summary
from app.summaries.queries import drafts_beside
from app.summaries.reservations import reservation_of
from app.summaries.states import RENEWED, SIGNED, Status
from app.vocabulary.permissions import Permission

# Where the keys of a review work, so that stepping through drafts needs no mouse.
_FIRST_CLAIM = "claim-1"


def hand_actions(actor: Actor, summary: Summary, csrf_token: str) -> list[dict[str, Any]]:
    """Return taking a draft in hand, over, or laying it back, for reviewers."""
    if not _may_review(actor, summary) or summary.requested_by == actor.id:
        return []
    held = reservation_of(summary)
    reserve = {
        "href": url_for("summary_steps.reserve", summary_id=summary.id),
        "csrf_token": csrf_token,
    }
    if held is None:
        return [{**reserve, "label": "Take in hand"}]
    if held.holder == actor.id:
        release = url_for("summary_steps.release", summary_id=summary.id)
        return [{"label": "Lay back", "href": release, "csrf_token": csrf_token}]
    confirm = f"{held.holder_name} is at it. Take the draft out of their hand?"
    return [{**reserve, "label": "Take over", "fields": {"over": "yes"}, "confirm": confirm}]


def hand_notice(actor: Actor, summary: Summary, zone: ZoneInfo) -> dict[str, Any] | None:
    """Return who has the draft in hand, for those who see drafts; None when nobody has."""
    held = reservation_of(summary)
    if held is None:
        return None
    until = f"{held.until.astimezone(zone):%H:%M %Z}"
    if held.holder == actor.id:
        body = "Others see that, and choose another draft."
        return {"tone": "info", "title": f"In your hand until {until}", "body": body}
    body = "It can be decided by them alone until then, unless somebody takes it over."
    return {
        "tone": "info",
        "title": f"In the hand of {held.holder_name} until {until}",
        "body": body,
    }


def step_links(actor: Actor, summary: Summary) -> list[dict[str, Any]]:
    """Return the ways to the drafts before and after this one in the queue."""
    if not _may_review(actor, summary):
        return []
    beside = drafts_beside(actor, summary)
    ways = (("Previous draft", beside.before, "p"), ("Next draft", beside.after, "n"))
    return [
        {
            "label": label,
            "href": url_for("summaries.show", summary_id=draft_id, _anchor=_FIRST_CLAIM),
            "variant": "quiet",
            "key": key,
        }
        for label, draft_id, key in ways
        if draft_id is not None
    ]


def later_actions(actor: Actor, summary: Summary, *, has_next: bool) -> list[dict[str, Any]]:
    """Return what can be done with a summary that was decided."""
    status = Status(summary.status)
    actions = []
    if status in SIGNED and actor.may(Permission.AUDIT_EVENT_EXPORT):
        href = url_for("summary_packs.new", summary_id=summary.id)
        actions.append({"label": "Evidence pack…", "href": href})
    if status is Status.APPROVED and actor.may(Permission.SUMMARY_APPROVE):
        href = url_for("summary_steps.withdraw", summary_id=summary.id)
        actions.append({"label": "Withdraw…", "href": href, "variant": "danger"})
    may_ask = actor.may(Permission.SUMMARY_CREATE) and actor.may(Permission.AUDIT_EVENT_READ)
    if status in RENEWED and may_ask and not has_next:
        href = url_for("summary_steps.renew", summary_id=summary.id)
        actions.append({"label": "Ask for a new version", "href": href})
    return actions


def _may_review(actor: Actor, summary: Summary) -> bool:
    in_review = Status(summary.status) is Status.IN_REVIEW
    return in_review and actor.may(Permission.SUMMARY_APPROVE)
