"""Taking a draft in hand, and laying it back."""

from uuid import UUID

from sqlalchemy import select

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, command
from app.kernel.database import current_session
from app.kernel.records import lock_record
from app.summaries.errors import NothingWaiting, OwnRequest, WrongState
from app.summaries.locking import target_of
from app.summaries.models import Summary
from app.summaries.queries import waits_for
from app.summaries.reservations import LENGTH, demand_free, is_free_for, reservation_of
from app.summaries.service.review import demand_review
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_RESERVED)
def reserve_summary(actor: Actor, summary_id: UUID, *, takes_over: bool = False) -> Done[None]:
    """Take a draft in hand for half an hour; again by the same reviewer, for another one.

    `takes_over` also takes it out of another reviewer's hand. Raises `ReservedByAnother`,
    `OwnRequest`, `WrongState`, `NotFound`.
    """
    summary = lock_record(Summary, summary_id)
    demand_review(summary)
    if summary.requested_by == actor.id:
        raise OwnRequest("You asked for this summary, so another person reviews it.")
    if not takes_over:
        demand_free(actor, summary)
    return _taken(actor, summary)


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_RESERVED)
def reserve_next(actor: Actor) -> Done[UUID]:
    """Take the draft that waits longest in hand, and return its id.

    Two reviewers at once get two drafts. Raises `NothingWaiting`.
    """
    statement = (
        select(Summary)
        .where(waits_for(actor), is_free_for(actor))
        .order_by(Summary.requested_at, Summary.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    summary = current_session().scalar(statement)
    if summary is None:
        raise NothingWaiting("No draft waits for you. Whatever is in review is in other hands.")
    done = _taken(actor, summary)
    return Done(summary.id, targets=done.targets, changes=done.changes)


@command(requires=Permission.SUMMARY_APPROVE, audit=AuditTag.SUMMARY_RELEASED)
def release_summary(actor: Actor, summary_id: UUID) -> Done[None]:
    """Lay a draft back into the queue. Raises `WrongState`, `NotFound`."""
    summary = lock_record(Summary, summary_id)
    held = reservation_of(summary)
    if held is None or held.holder != actor.id:
        raise WrongState("This draft is not in your hand any more. Reload the page.")
    summary.reserved_by = summary.reserved_by_name = None
    summary.reserved_at = summary.reserved_until = None
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"reserved_by": Change(held.holder_name, None)},
    )


def _taken(actor: Actor, summary: Summary) -> Done[None]:
    held, now = reservation_of(summary), clock.now()
    if held is None or held.holder != actor.id:
        summary.reserved_at = now
    summary.reserved_by, summary.reserved_by_name = actor.id, actor.name
    summary.reserved_until = now + LENGTH
    return Done(
        None,
        targets=(target_of(summary),),
        changes={"reserved_by": Change(held.holder_name if held else None, actor.name)},
    )
