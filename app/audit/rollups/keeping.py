"""Keeping the counts: what a batch of events adds, in the transaction that stores them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.rollups.models import ALL_ACTIONS, AuditCountDaily, AuditCountHourly

_DAILY: Table = AuditCountDaily.metadata.tables[AuditCountDaily.__tablename__]
_HOURLY: Table = AuditCountHourly.metadata.tables[AuditCountHourly.__tablename__]

DayKey = tuple[dt.date, str, str]
HourKey = tuple[dt.datetime, str]


class Counted(Protocol):
    """What the counts know of an event."""

    @property
    def occurred_at(self) -> dt.datetime: ...

    @property
    def action(self) -> str: ...

    @property
    def outcome(self) -> str: ...


def tally(events: Iterable[Counted]) -> tuple[Counter[DayKey], Counter[HourKey]]:
    """Return how many of the events fall on each key of the daily and of the hourly counts."""
    daily: Counter[DayKey] = Counter()
    hourly: Counter[HourKey] = Counter()
    for event in events:
        at = event.occurred_at.astimezone(dt.UTC)
        daily[at.date(), event.action, event.outcome] += 1
        daily[at.date(), ALL_ACTIONS, event.outcome] += 1
        hourly[at.replace(minute=0, second=0, microsecond=0), event.outcome] += 1
    return daily, hourly


def add_to_counts(session: Session, tenant_id: UUID, events: Iterable[Counted]) -> None:
    """Add events that were just stored to the counts of their tenant.

    The caller holds the lock on the tenant's head, so that nobody else adds to these rows. For
    what deletes events, see `take_from_counts`.
    """
    daily, hourly = tally(events)
    _add(session, tenant_id, daily, hourly)


def take_from_counts(session: Session, tenant_id: UUID, events: Iterable[Counted]) -> None:
    """Take events that are deleted in this transaction out of the counts of their tenant.

    The caller has locked the tenant's head (`store.lock_head`).
    """
    daily, hourly = tally(events)
    _add(
        session,
        tenant_id,
        {key: -n for key, n in daily.items()},
        {key: -n for key, n in hourly.items()},
    )


def _add(
    session: Session, tenant_id: UUID, daily: Mapping[DayKey, int], hourly: Mapping[HourKey, int]
) -> None:
    days = [
        {"tenant_id": tenant_id, "day": day, "action": action, "outcome": outcome, "n": n}
        for (day, action, outcome), n in sorted(daily.items())
    ]
    hours = [
        {"tenant_id": tenant_id, "hour": hour, "outcome": outcome, "n": n}
        for (hour, outcome), n in sorted(hourly.items())
    ]
    for table, rows in ((_DAILY, days), (_HOURLY, hours)):
        if rows:
            statement = insert(table)
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=list(table.primary_key.columns),
                    set_={"n": table.c.n + statement.excluded.n},
                ),
                rows,
            )
