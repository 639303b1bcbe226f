"""Ending the drafting of a summary: with claims, or with the reason why there are none."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Outcome, command
from app.kernel.database import current_session
from app.kernel.records import lock_record
from app.summaries.claims.checking import CheckedClaim
from app.summaries.claims.verdicts import Verdict
from app.summaries.drafting.answering import Answered
from app.summaries.errors import WrongState
from app.summaries.locking import target_of
from app.summaries.models import Summary, SummaryClaim
from app.summaries.service.notices import tell_reviewers
from app.summaries.states import Status, demand_move
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no draft: `code` for counting, `detail` for a person.

    `answered` is there when a model has answered, in vain; its claims stay in sight.
    """

    code: str
    detail: str
    answered: Answered | None = None


@command(requires=Permission.SUMMARY_CREATE, audit=AuditTag.SUMMARY_DRAFTED)
def record_draft(
    actor: Actor, summary_id: UUID, answered: Answered, *, call_id: UUID | None = None
) -> Done[None]:
    """Store a draft with every claim the model made, right or wrong, and open its review.

    `call_id` is the call that the draft came from, and must still be the summary's. Raises
    `WrongState` when it is not, and when the summary was called off or drafted already.
    """
    del actor  # recorded by the wrapper
    summary = _lock_call(summary_id, call_id)
    demand_move(Status(summary.status), Status.IN_REVIEW)
    completion = answered.completion
    summary.status = Status.IN_REVIEW.value
    _take_over(summary, answered)
    tell_reviewers(summary)
    verdicts = [one.finding.verdict for one in answered.claims]
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"status": Change(Status.DRAFTING.words, Status.IN_REVIEW.words)},
        metadata={
            "call": str(summary.call_id),
            "model": completion.model,
            "prompt": completion.prompt,
            "claims": len(verdicts),
            "supported": verdicts.count(Verdict.SUPPORTED),
        },
    )


@command(requires=Permission.SUMMARY_READ, audit=AuditTag.SUMMARY_FAILED)
def fail_draft(
    actor: Actor, summary_id: UUID, failure: Failure, *, call_id: UUID | None = None
) -> Done[None]:
    """Say that there is no draft, and why.

    Needs no more than reading, because the job must be able to say so even after the person who
    asked has lost the right to ask. Raises `WrongState` like `record_draft`.
    """
    del actor  # recorded by the wrapper
    summary = _lock_call(summary_id, call_id)
    before = Status(summary.status)
    demand_move(before, Status.FAILED)
    summary.status = Status.FAILED.value
    summary.progress = None
    summary.failure_code, summary.failure_detail = failure.code, failure.detail
    if failure.answered is not None:
        _take_over(summary, failure.answered)
    return Done(
        None,
        targets=(target_of(summary),),
        outcome=Outcome.FAILURE,
        reason=failure.detail,
        changes={"status": Change(before.words, Status.FAILED.words)},
        metadata={"code": failure.code, "call": str(summary.call_id)},
    )


def _lock_call(summary_id: UUID, call_id: UUID | None) -> Summary:
    summary = lock_record(Summary, summary_id)
    if call_id is not None and call_id != summary.call_id:
        raise WrongState("This draft belongs to an earlier question; it was asked for anew since.")
    return summary


def _take_over(summary: Summary, answered: Answered) -> None:
    """Put an answer into the rows, in place of an earlier one if there was one."""
    completion, watermark = answered.completion, answered.watermark
    summary.progress = None
    summary.events_total = answered.digest.totals.count
    summary.events_seen = answered.digest.events_seen
    summary.watermark = watermark.size
    sealed = watermark.checkpoint
    summary.sealed = min(sealed.size, watermark.size) if sealed is not None else 0
    summary.prompt, summary.prompt_hash = completion.prompt, completion.prompt_hash
    summary.model, summary.provider_label = completion.model, completion.provider_label
    summary.is_extractive = completion.is_extractive
    summary.repair = answered.repair
    _replace_claims(summary, answered)


def _replace_claims(summary: Summary, answered: Answered) -> None:
    session = current_session()
    session.execute(delete(SummaryClaim).where(SummaryClaim.summary_id == summary.id))
    for place, checked in enumerate(answered.claims):
        claim = SummaryClaim(
            summary_id=summary.id, number=place + 1, is_edited=False, original_fields=None
        )
        write_claim(claim, checked)
        claim.before_repair = _said_before(answered.before.get(place))
        session.add(claim)


def _said_before(before: CheckedClaim | None) -> dict[str, str] | None:
    if before is None:
        return None
    finding = before.finding
    return {
        "sentence": before.sentence,
        "verdict": finding.verdict.value,
        "detail": finding.detail,
    }


def write_claim(claim: SummaryClaim, checked: CheckedClaim) -> None:
    """Put a checked claim into its row."""
    names = checked.names
    claim.kind = checked.fields.kind.value
    claim.fields = {
        **checked.fields.as_json(),
        "names": {"actor": names.actor, "target": names.target},
    }
    claim.event_ids = list(checked.event_ids)
    claim.event_hashes = list(checked.event_hashes)
    claim.sentence = checked.sentence
    claim.verdict = checked.finding.verdict.value
    claim.verdict_detail = checked.finding.detail
    claim.checked_at = clock.now()
