"""Which events of a class are over, a stretch of the log at a time."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, not_, select

from app.audit.models import AuditEvent
from app.audit.proof.deleted_leaves import count_sealed
from app.audit.removal.doors import DELETED
from app.audit.retention.holds.models import LegalHold
from app.audit.retention.holds.scope import is_held
from app.kernel.database import current_session

BATCH = 2_000
# So many leaves a statement looks at where hardly any are of the class.
STRETCH = 50_000

# The records of deletions are never deleted: without them the gaps would look like theft.
IS_RECORD = and_(AuditEvent.action == DELETED, AuditEvent.received_from.is_(None))


@dataclass(frozen=True, slots=True)
class Over:
    """An event that may go."""

    leaf: int
    id: UUID
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is over in a stretch of the log: the events that may go, and how many a hold keeps.

    `reached` is the leaf behind the stretch.
    """

    events: Sequence[Over]
    held: int
    reached: int


def cutoff_of(started_at: dt.datetime, days: int) -> dt.datetime:
    """Return the moment before which events were received that are over."""
    return started_at - dt.timedelta(days=days)


def look(
    name: str, before: dt.datetime, start: int, end: int, holds: Iterable[LegalHold]
) -> Stretch:
    """Return what is over of a class from leaf `start` on, at most `BATCH` events of it."""
    end = min(end, start + STRETCH)
    statement = (
        select(
            AuditEvent.leaf,
            AuditEvent.id,
            AuditEvent.received_at,
            is_held(holds).label("held"),
        )
        .where(*_over(name, before), AuditEvent.leaf >= start, AuditEvent.leaf < end)
        .order_by(AuditEvent.leaf)
        .limit(BATCH)
    )
    rows = current_session().execute(statement).all()
    free = [Over(row.leaf, row.id, row.received_at) for row in rows if not row.held]
    reached = rows[-1].leaf + 1 if len(rows) == BATCH else end
    return Stretch(free, len(rows) - len(free), reached)


def end_of(before: dt.datetime) -> int:
    """Return the leaf from which on events are not over yet, or not sealed.

    Leaves are numbered in the order in which events were received, but for those that waited
    for each other for a moment, so that halving finds it in some twenty short reads. Around that
    moment, and where a clock was put back, a few events wait for another day.
    """
    low, high = 0, count_sealed()
    while low < high:
        middle = (low + high) // 2
        received = current_session().scalar(_received_from(middle, high))
        if received is None or received >= before:
            high = middle
        else:
            low = middle + 1
    return low


def _received_from(start: int, end: int) -> Select[dt.datetime]:
    return (
        select(AuditEvent.received_at)
        .where(AuditEvent.leaf >= start, AuditEvent.leaf < end)
        .order_by(AuditEvent.leaf)
        .limit(1)
    )


def _over(name: str, before: dt.datetime) -> tuple[Any, ...]:
    return (AuditEvent.retention == name, AuditEvent.received_at < before, not_(IS_RECORD))
