"""The two columns of a review: claims, and the evidence that they cite, linked both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for

from app.audit.queries import EventFact, Match
from app.kernel.actor import Actor
from app.kernel.times import date
from app.summaries.claims.contract import ClaimKind
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.verdicts import Verdict
from app.summaries.models import Summary, SummaryClaim
from app.summaries.queries import sees_drafts
from app.summaries.reservations import reservation_of
from app.summaries.reviewing.steps import step_links
from app.summaries.signing import hash_of
from app.summaries.states import Status
from app.vocabulary.permissions import Permission

_HIDDEN = "Only those who may read the audit log see this event."
_HIDDEN_QUERY = "Only those who may read the audit log see this query."
_GONE = "This event is not in the slice."


@dataclass(frozen=True, slots=True)
class Review:
    """A summary with its live claims and the events they cite.

    `events` is None for a reader who may not read the audit log. In a blind review the verdicts
    are withheld: the reviewer is to check each claim against its evidence.
    """

    actor: Actor
    summary: Summary
    claims: Sequence[SummaryClaim]
    events: Mapping[UUID, EventFact] | None
    zone: ZoneInfo
    csrf_token: str
    is_blind: bool = False

    @property
    def may_change(self) -> bool:
        in_review = Status(self.summary.status) is Status.IN_REVIEW
        held = reservation_of(self.summary)
        is_free = held is None or held.holder == self.actor.id
        return in_review and is_free and self.actor.may(Permission.SUMMARY_APPROVE)

    @property
    def sees_drafts(self) -> bool:
        """Whether the reader may see what was changed or taken out before the signature."""
        return sees_drafts(self.actor, self.summary)


def claim_items(review: Review) -> list[dict[str, Any]]:
    """Return the claims as their component shows them."""
    labels = _labels(review)
    return [_claim(review, claim, labels) for claim in review.claims]


def evidence_items(review: Review) -> list[dict[str, Any]]:
    """Return the cited events, oldest first, and the queries behind absences."""
    labels = _labels(review)
    items = []
    for event_id in _cited(review):
        citing = [claim for claim in review.claims if event_id in claim.event_ids]
        items.append({**_event(review, event_id, citing), **_frame(labels[event_id], citing)})
    items.extend(
        {**_absence(review, claim), **_frame(labels[claim.number], [claim])}
        for claim in review.claims
        if claim.kind == ClaimKind.ABSENCE.value
    )
    return items


def decisions(review: Review) -> list[dict[str, Any]]:
    """Return what this reader can do with the draft as a whole; nothing outside a review."""
    steps = step_links(review.actor, review.summary)
    if not review.may_change:
        return steps
    blocked = _why_unsigned(review)
    approve: dict[str, Any] = {"label": "Approve", "kind": "button", "disabled_reason": blocked}
    if blocked is None:
        approve = {
            "label": "Approve",
            "kind": "post",
            "variant": "primary",
            "href": url_for("summaries.approve", summary_id=review.summary.id),
            "csrf_token": review.csrf_token,
            "fields": {"seen": hash_of(review.summary, review.claims)},
        }
    reject = url_for("summaries.reject", summary_id=review.summary.id)
    return [approve, {"label": "Reject…", "href": reject, "variant": "danger"}, *steps]


def signing_words(review: Review) -> str | None:
    """Return who may sign the draft and what that covers, in words; None outside a review."""
    if Status(review.summary.status) is not Status.IN_REVIEW:
        return None
    if not review.actor.may(Permission.SUMMARY_APPROVE):
        return "This draft waits for a reviewer. Nobody else sees it before it is signed."
    if not review.may_change or _why_unsigned(review) is not None:
        return None
    if review.is_blind:
        return (
            "Verdicts are withheld until you decide, because this organisation tests its reviews:"
            " check each claim against its evidence. Approval covers exactly this text."
        )
    return (
        "You did not ask for this summary, so you may sign it. Approval covers exactly this text."
    )


def _why_unsigned(review: Review) -> str | None:
    """Return why this reader cannot sign the draft as it is; None when they can."""
    if review.summary.requested_by == review.actor.id:
        return "You asked for this summary, so another person signs it."
    if not review.claims:
        return "Every claim was removed; there is nothing to sign."
    unsupported = [
        str(claim.number)
        for claim in review.claims
        if Verdict(claim.verdict) is not Verdict.SUPPORTED and not _is_withheld(review, claim)
    ]
    if unsupported:
        return f"Claim {', '.join(unsupported)} is not supported. Edit or remove it first."
    return None


def _claim(review: Review, claim: SummaryClaim, labels: Mapping[UUID | int, str]) -> dict[str, Any]:
    verdict, is_withheld = Verdict(claim.verdict), _is_withheld(review, claim)
    words = f"{verdict.words}, re-checked" if claim.is_edited else verdict.words
    cited: list[UUID | int] = list(claim.event_ids)
    if claim.kind == ClaimKind.ABSENCE.value:
        cited.append(claim.number)
    return {
        "id": f"claim-{claim.number}",
        "number": claim.number,
        "text": claim.sentence,
        "verdict": None if is_withheld else {"text": words, "tone": verdict.tone},
        "citations": [{"label": labels[key], "href": f"#{_anchor(labels[key])}"} for key in cited],
        "actions": _claim_actions(review, claim) if review.may_change else [],
        "edited": claim.is_edited,
        "note": None if is_withheld else _note(review, claim),
        "before": _before(claim) if review.sees_drafts else None,
    }


def _is_withheld(review: Review, claim: SummaryClaim) -> bool:
    """Say whether this claim's verdict is kept from the reviewer; what they edited, they see."""
    return review.is_blind and not claim.is_edited


def removed_sentences(review: Review, claims: Sequence[SummaryClaim]) -> list[str]:
    """Return what a reviewer took out, for those who see drafts: nobody signed it."""
    if not review.sees_drafts:
        return []
    return [claim.sentence for claim in claims if claim.removed_at is not None]


def _before(claim: SummaryClaim) -> str | None:
    """Return what the model's claim said, where an edit has changed the words."""
    if claim.original_fields is None or claim.original_fields["sentence"] == claim.sentence:
        return None
    return str(claim.original_fields["sentence"])


def _note(review: Review, claim: SummaryClaim) -> str | None:
    """Return what is wrong with a claim, and what it said before it went back to the model."""
    parts = [claim.verdict_detail]
    earlier = claim.before_repair
    if earlier is not None and review.sees_drafts:
        if earlier["sentence"] == claim.sentence:
            parts.append("The model was told so, and said the same again.")
        else:
            verdict = Verdict(earlier["verdict"]).words
            words = "True would be" if review.summary.is_seeded else "At first the model said"
            parts.append(f"{words}: “{earlier['sentence']}” ({verdict}).")
    return " ".join(part for part in parts if part) or None


def _claim_actions(review: Review, claim: SummaryClaim) -> list[dict[str, Any]]:
    summary_id, number = review.summary.id, claim.number
    remove = {
        "label": "Remove",
        "href": url_for("summaries.remove_claim", summary_id=summary_id, number=number),
        "csrf_token": review.csrf_token,
        "confirm": f"Take claim {claim.number} out of this summary?",
    }
    if not review.actor.may(Permission.AUDIT_EVENT_READ):
        return [remove]
    edit = url_for("summaries.edit_claim", summary_id=summary_id, number=number)
    return [{"label": "Edit", "href": edit, "key": "e"}, remove]


def _event(review: Review, event_id: UUID, citing: Sequence[SummaryClaim]) -> dict[str, Any]:
    if review.events is None:
        return {"text": _HIDDEN}
    event = review.events.get(event_id)
    if event is None:
        return {"text": _GONE, "state": "missing"}
    checked = {
        hash_
        for claim in citing
        for cited, hash_ in zip(claim.event_ids, claim.event_hashes, strict=True)
        if cited == event_id
    }
    parts = [event.actor_name, event.action, event.target_name, event.outcome, event.source_ip]
    return {
        "time": f"{event.occurred_at.astimezone(review.zone):%H:%M:%S}",
        "text": " · ".join(part for part in parts if part),
        "sub": date(event.occurred_at, review.zone),
        "state": "ok" if checked == {event.hash} else "stale",
        "href": url_for("audit.show", event_id=event_id),
    }


def _absence(review: Review, claim: SummaryClaim) -> dict[str, Any]:
    if review.events is None:
        # It names by their ids whom the sentence may call by a name.
        return {"text": _HIDDEN_QUERY}
    query = _query(ClaimFields.from_json(claim.fields).match)
    return {"code": "query", "text": f"{query} → 0 of the slice"}


def _frame(label: str, citing: Sequence[SummaryClaim]) -> dict[str, Any]:
    links = [{"label": f"claim {c.number}", "href": f"#claim-{c.number}"} for c in citing]
    return {"key": label, "anchor": _anchor(label), "cited_by": links}


def _labels(review: Review) -> dict[UUID | int, str]:
    """Return E1, E2… for events, by id, and Q1, Q2… for the queries of absences, by claim."""
    labels: dict[UUID | int, str] = {
        event_id: f"E{number}" for number, event_id in enumerate(_cited(review), start=1)
    }
    absences = [c.number for c in review.claims if c.kind == ClaimKind.ABSENCE.value]
    return labels | {claim: f"Q{number}" for number, claim in enumerate(absences, start=1)}


def _cited(review: Review) -> list[UUID]:
    """Return the cited events, oldest first; unknown ones in the order of the claims, last."""
    cited = dict.fromkeys(event_id for claim in review.claims for event_id in claim.event_ids)
    known = [event_id for event_id in review.events or {} if event_id in cited]
    return known + [event_id for event_id in cited if event_id not in known]


def _query(match: Match) -> str:
    parts = (
        ("actor", match.actor_id),
        ("action", match.action),
        ("outcome", match.outcome),
        ("target", match.target_id),
        ("ip", match.source_ip),
    )
    return " ".join(f"{key}:{value}" for key, value in parts if value is not None)


def _anchor(label: str) -> str:
    return f"evidence-{label.lower()}"
