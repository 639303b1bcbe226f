"""Ending the drafting of a summary: with claims, or with the reason why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.gateway.gateway import Completion
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Outcome, command
from app.kernel.database import current_session
from app.kernel.records import lock_record
from app.summaries.checking import CheckedClaim
from app.summaries.errors import WrongState
from app.summaries.locking import target_of
from app.summaries.models import Summary, SummaryClaim
from app.summaries.states import Status, demand_move
from app.summaries.verdicts import Verdict
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class Draft:
    """What the job has to show: the model's answer, checked claim by claim.

    `events_total` and `events_seen` count the slice, and what the digest's groups stand for.
    """

    completion: Completion
    claims: Sequence[CheckedClaim]
    events_total: int
    events_seen: int


@command(requires=Permission.SUMMARY_CREATE, audit=AuditTag.SUMMARY_DRAFTED)
def record_draft(
    actor: Actor, summary_id: UUID, draft: Draft, *, call_id: UUID | None = None
) -> Done[None]:
    """Store a draft with every claim the model made, right or wrong, and open its review.

    `call_id` is the call that the draft came from, and must still be the summary's. Raises
    `WrongState` when it is not, and when the summary was called off or drafted already.
    """
    del actor  # recorded by the wrapper
    summary = _lock_call(summary_id, call_id)
    demand_move(Status(summary.status), Status.IN_REVIEW)
    completion = draft.completion
    summary.status = Status.IN_REVIEW.value
    summary.progress = None
    summary.events_total, summary.events_seen = draft.events_total, draft.events_seen
    summary.prompt, summary.prompt_hash = completion.prompt, completion.prompt_hash
    summary.model, summary.provider_label = completion.model, completion.provider_label
    summary.is_extractive = completion.is_extractive
    _replace_claims(summary, draft.claims)
    supported = sum(1 for each in draft.claims if each.finding.verdict is Verdict.SUPPORTED)
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"status": Change(Status.DRAFTING.words, Status.IN_REVIEW.words)},
        metadata={
            "call": str(summary.call_id),
            "model": completion.model,
            "prompt": completion.prompt,
            "claims": len(draft.claims),
            "supported": supported,
        },
    )


@command(requires=Permission.SUMMARY_READ, audit=AuditTag.SUMMARY_FAILED)
def fail_draft(
    actor: Actor, summary_id: UUID, *, code: str, detail: str, call_id: UUID | None = None
) -> Done[None]:
    """Say that there is no draft, and why. `code` is for counting, `detail` for a person.

    Needs no more than reading, because the job must be able to say so even after the person who
    asked has lost the right to ask. Raises `WrongState` like `record_draft`.
    """
    del actor  # recorded by the wrapper
    summary = _lock_call(summary_id, call_id)
    before = Status(summary.status)
    demand_move(before, Status.FAILED)
    summary.status = Status.FAILED.value
    summary.progress = None
    summary.failure_code, summary.failure_detail = code, detail
    return Done(
        None,
        targets=(target_of(summary),),
        outcome=Outcome.FAILURE,
        reason=detail,
        changes={"status": Change(before.words, Status.FAILED.words)},
        metadata={"code": code, "call": str(summary.call_id)},
    )


def _lock_call(summary_id: UUID, call_id: UUID | None) -> Summary:
    summary = lock_record(Summary, summary_id)
    if call_id is not None and call_id != summary.call_id:
        raise WrongState("This draft belongs to an earlier question; it was asked for anew since.")
    return summary


def _replace_claims(summary: Summary, claims: Sequence[CheckedClaim]) -> None:
    for number, checked in enumerate(claims, start=1):
        claim = SummaryClaim(
            summary_id=summary.id, number=number, is_edited=False, original_fields=None
        )
        write_claim(claim, checked)
        current_session().add(claim)


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
