"""Reading summaries, each reader with what they may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, tuple_

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.summaries.models import Summary, SummaryClaim
from app.summaries.reservations import is_free_for
from app.summaries.states import PENDING, Status
from app.vocabulary.permissions import Permission

_KEPT = Summary.__table__.columns
# How many drafts wait at `now` for a `reader` who may sign them, in a `tenant`: not their own, and
# in nobody else's hand. Made once, because every page counts them together with what else waits.
WAITING_REVIEWS = (
    select(func.count())
    .where(
        _KEPT.tenant_id == bindparam("tenant"),
        _KEPT.status == Status.IN_REVIEW.value,
        _KEPT.requested_by != bindparam("reader"),
        or_(
            _KEPT.reserved_until.is_(None),
            _KEPT.reserved_until <= bindparam("now"),
            _KEPT.reserved_by == bindparam("reader"),
        ),
    )
    .scalar_subquery()
)
# How many of the summaries that a `reader` asked for were decided, and they have not seen it yet.
UNSEEN_OUTCOMES = (
    select(func.count())
    .where(
        _KEPT.tenant_id == bindparam("tenant"),
        _KEPT.requested_by == bindparam("reader"),
        _KEPT.status.in_([Status.APPROVED.value, Status.REJECTED.value, Status.WITHDRAWN.value]),
        _KEPT.outcome_seen_at.is_(None),
    )
    .scalar_subquery()
)
# What readers may see of what was once signed; a withdrawn one says that it was withdrawn.
_FOR_READERS = (Status.APPROVED.value, Status.WITHDRAWN.value)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL of what somebody may see.

    Approved summaries are for every reader, and that one was withdrawn. Whatever is not approved
    is for whoever asked for it and for those who may sign, who all may read the log: nothing
    reaches another reader that nobody signed. A draft that tests reviewers is for reviewers, but
    not for whoever is said to have asked for it.
    """
    if not actor.may(Permission.AUDIT_EVENT_READ):
        return Summary.status.in_(_FOR_READERS)
    own = Summary.requested_by == actor.id
    if actor.may(Permission.SUMMARY_APPROVE):
        return or_(Summary.is_seeded.is_(False), ~own)
    return and_(
        Summary.is_seeded.is_(False),
        or_(Summary.status.in_(_FOR_READERS), own),
    )


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL of drafts in review that somebody may review: all but those they asked for."""
    return and_(
        Summary.status == Status.IN_REVIEW.value,
        Summary.requested_by != actor.id,
        visible_to(actor),
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """The drafts before and after one in the queue; None at its ends."""

    before: UUID | None
    after: UUID | None


def drafts_beside(actor: Actor, summary: Summary) -> Beside:
    """Return the neighbours of a draft among what waits for this reviewer, oldest first."""
    place = tuple_(Summary.requested_at, Summary.id)
    here = (summary.requested_at, summary.id)
    waiting = select(Summary.id).where(waits_for(actor), is_free_for(actor)).limit(1)
    session = current_session()
    newest_first = (Summary.requested_at.desc(), Summary.id.desc())
    before = waiting.where(place < here).order_by(*newest_first)
    after = waiting.where(place > here).order_by(Summary.requested_at, Summary.id)
    return Beside(session.scalar(before), session.scalar(after))


def find_previous(actor: Actor, summary: Summary) -> Summary | None:
    """Return the version before this one, if the actor may see it."""
    statement = select(Summary).where(Summary.id == summary.previous_id, visible_to(actor))
    return current_session().scalar(statement)


def find_next_version(summary: Summary) -> Summary | None:
    """Return the summary that was asked for in place of this one, or None."""
    return current_session().scalar(select(Summary).where(Summary.previous_id == summary.id))


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


def count_waiting_drafts(actor: Actor, *, besides: UUID) -> int:
    """Return how many summaries that somebody asked for wait for their draft, but for this one."""
    pending = [status.value for status in PENDING]
    return _count(
        Summary.requested_by == actor.id, Summary.status.in_(pending), Summary.id != besides
    )


def list_claims(summary_id: UUID) -> Sequence[SummaryClaim]:
    """Return all claims of a summary by number, removed ones too."""
    statement = (
        select(SummaryClaim)
        .where(SummaryClaim.summary_id == summary_id)
        .order_by(SummaryClaim.number)
    )
    return current_session().scalars(statement).all()


def sees_drafts(actor: Actor, summary: Summary) -> bool:
    """Say whether somebody may see what was changed or taken out before the signature.

    Whoever asked for it may not any more once they may not read the log.
    """
    if not actor.may(Permission.AUDIT_EVENT_READ):
        return False
    return summary.requested_by == actor.id or actor.may(Permission.SUMMARY_APPROVE)


def shown_claims(actor: Actor, summary: Summary) -> Sequence[SummaryClaim]:
    """Return the claims that somebody may see: of a withdrawn summary, readers see none."""
    if summary.withdrawn_at is not None and not sees_drafts(actor, summary):
        return ()
    return list_claims(summary.id)


def was_changed(summary_id: UUID) -> bool:
    """Say whether a reviewer edited a claim of a summary, or took one out."""
    changed = or_(SummaryClaim.is_edited, SummaryClaim.removed_at.is_not(None))
    statement = select(SummaryClaim.number).where(SummaryClaim.summary_id == summary_id, changed)
    return current_session().scalar(statement.limit(1)) is not None


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
    asked = {"tenant": actor.tenant, "reader": actor.id, "now": clock.now()}
    return current_session().scalar(select(WAITING_REVIEWS), asked) or 0


def count_approved(actor: Actor) -> int:
    """Return how many approved summaries the actor may read."""
    if not actor.may(Permission.SUMMARY_READ):
        return 0
    return _count(Summary.status == Status.APPROVED.value)


def _count(*where: ColumnElement[bool]) -> int:
    statement = select(func.count(Summary.id)).where(*where)
    return current_session().scalar(statement) or 0
