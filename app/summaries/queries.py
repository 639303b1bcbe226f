"""Reading summaries, each reader with what they may see."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true

from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.summaries.models import Summary, SummaryClaim
from app.summaries.states import PENDING, Status
from app.vocabulary.permissions import Permission

_KEPT = Summary.__table__.columns
# How many drafts wait for a `reader` who may sign them, in a `tenant`; made once, because every
# page counts them together with what else waits.
WAITING_REVIEWS = (
    select(func.count())
    .where(
        _KEPT.tenant_id == bindparam("tenant"),
        _KEPT.status == Status.IN_REVIEW.value,
        _KEPT.requested_by != bindparam("reader"),
    )
    .scalar_subquery()
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL of what somebody may see.

    Approved summaries are for every reader. Whatever is not approved is for whoever asked for it
    and for those who may sign: nothing reaches a reader that nobody signed.
    """
    if actor.may(Permission.SUMMARY_APPROVE):
        return true()
    return or_(Summary.status == Status.APPROVED.value, Summary.requested_by == actor.id)


def get_summary(actor: Actor, summary_id: UUID) -> Summary:
    """Return a summary that the actor may see; raises `NotFound` for all others alike."""
    statement = select(Summary).where(Summary.id == summary_id, visible_to(actor))
    summary = current_session().scalar(statement)
    if summary is None:
        raise NotFound
    return summary


def find_pending(summary_id: UUID) -> Summary | None:
    """Return a summary that waits for its draft, or None; for the job, whoever asked."""
    pending = [status.value for status in PENDING]
    statement = select(Summary).where(Summary.id == summary_id, Summary.status.in_(pending))
    return current_session().scalar(statement)


def list_claims(summary_id: UUID) -> Sequence[SummaryClaim]:
    """Return all claims of a summary by number, removed ones too."""
    statement = (
        select(SummaryClaim)
        .where(SummaryClaim.summary_id == summary_id)
        .order_by(SummaryClaim.number)
    )
    return current_session().scalars(statement).all()


def get_claim(summary_id: UUID, number: int) -> SummaryClaim:
    """Return a claim that was not removed; raises `NotFound`."""
    statement = select(SummaryClaim).where(
        SummaryClaim.summary_id == summary_id,
        SummaryClaim.number == number,
        SummaryClaim.removed_at.is_(None),
    )
    claim = current_session().scalar(statement)
    if claim is None:
        raise NotFound
    return claim


def count_waiting_reviews(actor: Actor) -> int:
    """Return how many drafts wait for this person: those they may sign and did not ask for."""
    if not actor.may(Permission.SUMMARY_APPROVE):
        return 0
    asked = {"tenant": actor.tenant, "reader": actor.id}
    return current_session().scalar(select(WAITING_REVIEWS), asked) or 0


def count_approved(actor: Actor) -> int:
    """Return how many approved summaries the actor may read."""
    if not actor.may(Permission.SUMMARY_READ):
        return 0
    return _count(Summary.status == Status.APPROVED.value)


def _count(*where: ColumnElement[bool]) -> int:
    statement = select(func.count(Summary.id)).where(*where)
    return current_session().scalar(statement) or 0
