"""Cases of a tenant's own: a review that ended in a rejection or an edit, in one step."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.evals.case import Case, Expected, Fact, Query, Split, World
from app.evals.errors import NoCase
from app.evals.models import EvalCase
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.records import lock_record
from app.summaries.claims.fields import ClaimFields
from app.summaries.claims.verdicts import Verdict
from app.summaries.models import Summary, SummaryClaim
from app.summaries.queries import get_summary, list_claims
from app.summaries.states import Status
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

OWN = "own"


@command(requires=Permission.EVALUATION_CREATE, audit=AuditTag.EVALUATION_CASE_CREATED)
def make_case(actor: Actor, summary_id: UUID) -> Done[str]:
    """Make a case of a reviewed summary, and return its id.

    It asks the same of the same slice, and expects what stood in the end: the claims that the log
    supports, as they were corrected. Raises `NoCase` for a summary that was neither rejected nor
    edited, and for one that a case was made of; `NotFound`.
    """
    summary = get_summary(actor, summary_id)
    # Of two who make one at once, one does, and the other is told.
    lock_record(Summary, summary_id)
    claims = list_claims(summary_id)
    if not teaches(summary, claims):
        raise NoCase("Only a summary that was rejected, or edited before it was signed, is a case.")
    if has_case(summary_id):
        raise NoCase("A case was made of this summary already.")
    case = _case(summary, claims)
    row = EvalCase(
        tenant_id=actor.tenant,
        id=case.id,
        category=OWN,
        asked=case.query.as_json(),
        expected=case.expected.as_json(),
        summary_id=summary.id,
        made_by=actor.id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    current_session().add(row)
    return Done(
        case.id,
        targets=(Target("summary", str(summary.id), summary.title),),
        metadata={"case": case.id, "facts": len(case.expected.facts)},
    )


def teaches(summary: Summary, claims: Sequence[SummaryClaim]) -> bool:
    """Say whether a review has found something to do better."""
    status = Status(summary.status)
    was_changed = any(claim.is_edited or claim.removed_at is not None for claim in claims)
    return status is Status.REJECTED or (status is Status.APPROVED and was_changed)


def has_case(summary_id: UUID) -> bool:
    """Say whether a case was made of a summary."""
    statement = select(EvalCase.id).where(EvalCase.summary_id == summary_id)
    return current_session().scalar(statement) is not None


def _case(summary: Summary, claims: Sequence[SummaryClaim]) -> Case:
    ident = f"{OWN}-{summary.id}"
    stand = [
        claim
        for claim in claims
        if claim.removed_at is None and claim.verdict == Verdict.SUPPORTED.value
    ]
    facts = tuple(_fact(ClaimFields.from_json(claim.fields)) for claim in stand)
    asked = Query(
        id=ident,
        category=OWN,
        split=Split.MAIN,
        world=World.OWN,
        query=summary.query,
        start=summary.window_start,
        end=summary.window_end,
        question=summary.question,
    )
    return Case(asked, Expected(ident, None, facts))


def _fact(fields: ClaimFields) -> Fact:
    return Fact(
        actor=fields.actor,
        action=fields.action,
        target=fields.target,
        outcome=None if fields.outcome is None else fields.outcome.value,
        ip=fields.ip,
        count=fields.count if fields.is_complete else None,
    )
