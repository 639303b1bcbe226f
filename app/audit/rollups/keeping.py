"""Keeping the counts: what a batch of events adds, in the transaction that stores them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.rollups.models import ALL_ACTIONS

# One statement for a batch, however many days, hours and actions it is about.
_OF_DAYS = (
    "unnest(CAST(:days AS date[]), CAST(:actions AS varchar[]), CAST(:day_outcomes AS varchar[]),"
    " CAST(:in_days AS bigint[])) AS batch (day, action, outcome, n)"
)
_OF_HOURS = (
    "unnest(CAST(:hours AS timestamptz[]), CAST(:hour_outcomes AS varchar[]),"
    " CAST(:in_hours AS bigint[])) AS batch (hour, outcome, n)"
)
_TAKE = text(
    "WITH daily AS ("  # noqa: S608  all of it is ours
    f" UPDATE audit_counts_daily AS kept SET n = kept.n - batch.n FROM {_OF_DAYS}"
    " WHERE kept.tenant_id = :tenant AND kept.day = batch.day AND kept.action = batch.action"
    " AND kept.outcome = batch.outcome)"
    f" UPDATE audit_counts_hourly AS kept SET n = kept.n - batch.n FROM {_OF_HOURS}"
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


def take_from_counts(session: Session, tenant_id: UUID, events: Iterable[Counted]) -> None:
    """Take events that are deleted in this transaction out of the counts of their tenant.

    The caller has locked the tenant's head (`heads.lock_head`).
    """
    daily, hourly = tally(events)
    session.execute(_TAKE, _days(tenant_id, daily) | _hours(hourly))


def _days(tenant_id: UUID, daily: Mapping[DayKey, int]) -> dict[str, Any]:
    # Always in the same order, and so never in each other's way.
    keys = sorted(daily)
    return {
        "tenant": tenant_id,
        "days": [day for day, _, _ in keys],
        "actions": [action for _, action, _ in keys],
        "day_outcomes": [outcome for _, _, outcome in keys],
        "in_days": [daily[key] for key in keys],
    }


def _hours(hourly: Mapping[HourKey, int]) -> dict[str, Any]:
    keys = sorted(hourly)
    return {
        "hours": [hour for hour, _ in keys],
        "hour_outcomes": [outcome for _, outcome in keys],
        "in_hours": [hourly[key] for key in keys],
    }
