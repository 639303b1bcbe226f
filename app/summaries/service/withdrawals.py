"""Taking back what was signed."""

from uuid import UUID

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, command
from app.kernel.problems import FieldProblem, InvalidInput
from app.kernel.records import lock_record
from app.summaries.locking import target_of
from app.summaries.models import Summary
from app.summaries.service.notices import tell_requester
from app.summaries.states import Status, demand_move
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

MAX_REASON = 1_000


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_WITHDRAWN)
def withdraw_summary(actor: Actor, summary_id: UUID, *, reason: str) -> Done[None]:
    """Take an approved summary back; readers see that it was withdrawn, and why.

    What was signed stays as it was, with its signature. Raises `InvalidInput` without a reason,
    `WrongState`, `NotFound`.
    """
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        raise InvalidInput(
            "Say why it is withdrawn; its readers see that.",
            errors=[FieldProblem("/reason", "A reason is needed.")],
        )
    summary = lock_record(Summary, summary_id)
    demand_move(Status(summary.status), Status.WITHDRAWN)
    summary.status = Status.WITHDRAWN.value
    summary.withdrawn_by, summary.withdrawn_by_name = actor.id, actor.name
    summary.withdrawn_at, summary.withdrawal_reason = clock.now(), reason
    summary.outcome_seen_at = None
    tell_requester(actor, summary)
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"status": Change(Status.APPROVED.words, Status.WITHDRAWN.words)},
        reason=reason,
        metadata={"hash": summary.approved_hash},
    )
