"""Who has a draft in hand: a reviewer takes it for half an hour, and others see that."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_

from app.kernel import clock
from app.kernel.actor import Actor
from app.summaries.errors import ReservedByAnother
from app.summaries.models import Summary
from app.summaries.states import Status

LENGTH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation that still holds."""

    holder: str
    holder_name: str
    since: datetime
    until: datetime


def reservation_of(summary: Summary) -> Reservation | None:
    """Return who has the draft in hand; None when nobody has, or time has released it."""
    holder, name = summary.reserved_by, summary.reserved_by_name
    since, until = summary.reserved_at, summary.reserved_until
    if holder is None or since is None or until is None or until <= clock.now():
        return None
    if Status(summary.status) is not Status.IN_REVIEW:
        return None
    return Reservation(holder, name or "", since, until)


def is_free_for(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL of drafts that nobody else has in hand."""
    return or_(
        Summary.reserved_until.is_(None),
        Summary.reserved_until <= clock.now(),
        Summary.reserved_by == actor.id,
    )


def demand_free(actor: Actor, summary: Summary) -> None:
    """Raise `ReservedByAnother` while somebody else has the draft in hand."""
    held = reservation_of(summary)
    if held is not None and held.holder != actor.id:
        raise ReservedByAnother(
            f"{held.holder_name} has this draft in hand. Take it over first, or choose another"
            " from the queue."
        )


def seconds_in_hand(actor: Actor, summary: Summary, now: datetime) -> int | None:
    """Return how long whoever decides now had the draft in hand; None when they had not."""
    if summary.reserved_by != actor.id or summary.reserved_at is None:
        return None
    return max(0, round((now - summary.reserved_at).total_seconds()))
