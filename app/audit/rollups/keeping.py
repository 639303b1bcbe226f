"""Keeping the counts: what a batch of events adds, in the transaction that stores them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.rollups.models import ALL_ACTIONS

# One statement each, however many days and actions a batch is about.
_OF_DAYS = (
    "unnest(CAST(:days AS date[]), CAST(:actions AS varchar[]), CAST(:outcomes AS varchar[]),"
    " CAST(:numbers AS bigint[])) AS batch (day, action, outcome, n)"
)
_OF_HOURS = (
    "unnest(CAST(:hours AS timestamptz[]), CAST(:outcomes AS varchar[]),"
    " CAST(:numbers AS bigint[])) AS batch (hour, outcome, n)"
)
_ADD_DAYS = text(
    "INSERT INTO audit_counts_daily AS kept (tenant_id, day, action, outcome, n)"  # noqa: S608  ours
    f" SELECT :tenant, day, action, outcome, n FROM {_OF_DAYS}"
    " ON CONFLICT (tenant_id, day, action, outcome) DO UPDATE SET n = kept.n + excluded.n"
)
_ADD_HOURS = text(
    "INSERT INTO audit_counts_hourly AS kept (tenant_id, hour, outcome, n)"  # noqa: S608  ours
    f" SELECT :tenant, hour, outcome, n FROM {_OF_HOURS}"
    " ON CONFLICT (tenant_id, hour, outcome) DO UPDATE SET n = kept.n + excluded.n"
)
_TAKE_DAYS = text(
    f"UPDATE audit_counts_daily AS kept SET n = kept.n - batch.n FROM {_OF_DAYS}"  # noqa: S608  ours
    " WHERE kept.tenant_id = :tenant AND kept.day = batch.day AND kept.action = batch.action"
    " AND kept.outcome = batch.outcome"
)
_TAKE_HOURS = text(
    f"UPDATE audit_counts_hourly AS kept SET n = kept.n - batch.n FROM {_OF_HOURS}"  # noqa: S608  ours
    " WHERE kept.tenant_id = :tenant AND kept.hour = batch.hour AND kept.outcome = batch.outcome"
)

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
    session.execute(_ADD_DAYS, _days(tenant_id, daily))
    session.execute(_ADD_HOURS, _hours(tenant_id, hourly))


def take_from_counts(session: Session, tenant_id: UUID, events: Iterable[Counted]) -> None:
    """Take events that are deleted in this transaction out of the counts of their tenant.

    The caller has locked the tenant's head (`heads.lock_head`).
    """
    daily, hourly = tally(events)
    session.execute(_TAKE_DAYS, _days(tenant_id, daily))
    session.execute(_TAKE_HOURS, _hours(tenant_id, hourly))


def _days(tenant_id: UUID, daily: Mapping[DayKey, int]) -> dict[str, Any]:
    # Always in the same order, and so never in each other's way.
    keys = sorted(daily)
    return {
        "tenant": tenant_id,
        "days": [day for day, _, _ in keys],
        "actions": [action for _, action, _ in keys],
        "outcomes": [outcome for _, _, outcome in keys],
        "numbers": [daily[key] for key in keys],
    }


def _hours(tenant_id: UUID, hourly: Mapping[HourKey, int]) -> dict[str, Any]:
    keys = sorted(hourly)
    return {
        "tenant": tenant_id,
        "hours": [hour for hour, _ in keys],
        "outcomes": [outcome for _, outcome in keys],
        "numbers": [hourly[key] for key in keys],
    }
