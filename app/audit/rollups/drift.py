"""Whether the counts are what the log itself says, a month at a time, and setting them right."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, FromClause, Select, Table, and_, cast, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.audit.heads import lock_head
from app.audit.models import AuditEvent
from app.audit.rollups.models import ALL_ACTIONS, AuditCountDaily, AuditCountHourly
from app.kernel.database import current_session
from app.kernel.tenant_wall import tenant_in_scope

MONTH = dt.timedelta(days=31)
_DAILY: Table = AuditCountDaily.metadata.tables[AuditCountDaily.__tablename__]
_HOURLY: Table = AuditCountHourly.metadata.tables[AuditCountHourly.__tablename__]


@dataclass(frozen=True, slots=True)
class Drift:
    """One count that is not what the log says.

    `begins` is the hour (aware, UTC) or the day that it counts, `action` None for an hour and
    `ALL_ACTIONS` for a day as a whole; `kept` is the count, `counted` what the log holds.
    """

    begins: dt.datetime | dt.date
    action: str | None
    outcome: str
    kept: int
    counted: int


def find_drift() -> list[Drift]:
    """Compare every count of the tenant in scope with its log; return those that are wrong.

    Reads the whole log, a month in a statement; each sees counts and events of one moment, so
    that events that come in meanwhile are no drift.
    """
    return [drift for first, end in _months() for drift in _drift_in(first, end)]


def mend_counts() -> list[Drift]:
    """Set what is wrong right, in the open transaction; return what was wrong. Ingestion waits."""
    session, tenant_id = current_session(), tenant_in_scope()
    lock_head(session, tenant_id)
    found = find_drift()
    for drift in found:
        table, key = _place_of(drift)
        statement = insert(table).values(
            tenant_id=tenant_id, outcome=drift.outcome, n=drift.counted, **key
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=list(table.primary_key.columns), set_={"n": drift.counted}
            )
        )
    return found


def _place_of(drift: Drift) -> tuple[Table, dict[str, Any]]:
    if drift.action is None:
        return _HOURLY, {"hour": drift.begins}
    return _DAILY, {"day": drift.begins, "action": drift.action}


def _months() -> Iterator[tuple[dt.date, dt.date]]:
    """Yield stretches of days that together hold all events and all counts."""
    session, tenant_id = current_session(), tenant_in_scope()
    extremes = select(
        func.min(cast(func.timezone("UTC", AuditEvent.occurred_at), Date)),
        func.max(cast(func.timezone("UTC", AuditEvent.occurred_at), Date)),
    ).where(AuditEvent.tenant_id == tenant_id)
    counted = select(func.min(_DAILY.c.day), func.max(_DAILY.c.day)).where(
        _DAILY.c.tenant_id == tenant_id
    )
    hours = select(
        func.min(cast(func.timezone("UTC", _HOURLY.c.hour), Date)),
        func.max(cast(func.timezone("UTC", _HOURLY.c.hour), Date)),
    ).where(_HOURLY.c.tenant_id == tenant_id)
    found = [session.execute(one).one() for one in (extremes, counted, hours)]
    days = [day for pair in found for day in pair if day is not None]
    if not days:
        return
    first, last = min(days), max(days)
    while first <= last:
        yield first, min(first + MONTH, last + dt.timedelta(days=1))
        first += MONTH


def _drift_in(first: dt.date, end: dt.date) -> Iterable[Drift]:
    since, until = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (first, end))
    yield from _compare_days(first, end, since, until)
    yield from _compare_hours(since, until)


def _compare_days(
    first: dt.date, end: dt.date, since: dt.datetime, until: dt.datetime
) -> list[Drift]:
    tenant_id = tenant_in_scope()
    events = (
        select(
            cast(func.timezone("UTC", AuditEvent.occurred_at), Date).label("day"),
            AuditEvent.action,
            AuditEvent.outcome,
        )
        .where(
            AuditEvent.tenant_id == tenant_id,
            AuditEvent.occurred_at >= since,
            AuditEvent.occurred_at < until,
        )
        .subquery("events")
    )
    day, action, outcome = events.c.day, events.c.action, events.c.outcome
    counted = (
        select(
            day,
            func.coalesce(action, literal(ALL_ACTIONS)).label("action"),
            outcome,
            func.count().label("n"),
        )
        .group_by(
            func.grouping_sets(tuple_(day, action, outcome), tuple_(day, outcome)),
        )
        .subquery("counted")
    )
    kept = (
        select(_DAILY.c.day, _DAILY.c.action, _DAILY.c.outcome, _DAILY.c.n)
        .where(_DAILY.c.tenant_id == tenant_id, _DAILY.c.day >= first, _DAILY.c.day < end)
        .subquery("kept")
    )
    names = ("day", "action", "outcome")
    return [Drift(*row) for row in current_session().execute(_unlike(counted, kept, names))]


def _compare_hours(since: dt.datetime, until: dt.datetime) -> list[Drift]:
    tenant_id = tenant_in_scope()
    hour = func.date_trunc("hour", AuditEvent.occurred_at, "UTC")
    counted = (
        select(hour.label("hour"), AuditEvent.outcome, func.count().label("n"))
        .where(
            AuditEvent.tenant_id == tenant_id,
            AuditEvent.occurred_at >= since,
            AuditEvent.occurred_at < until,
        )
        .group_by("hour", AuditEvent.outcome)
        .subquery("counted")
    )
    kept = (
        select(_HOURLY.c.hour, _HOURLY.c.outcome, _HOURLY.c.n)
        .where(_HOURLY.c.tenant_id == tenant_id, _HOURLY.c.hour >= since, _HOURLY.c.hour < until)
        .subquery("kept")
    )
    rows = current_session().execute(_unlike(counted, kept, ("hour", "outcome")))
    return [Drift(row[0].astimezone(dt.UTC), None, *row[1:]) for row in rows]


def _unlike(counted: FromClause, kept: FromClause, names: Sequence[str]) -> Select[Any]:
    """Return the statement of what is not the same in both, by its keys."""
    keys = [func.coalesce(kept.c[name], counted.c[name]).label(name) for name in names]
    both = [kept.c[name] == counted.c[name] for name in names]
    ours, real = func.coalesce(kept.c.n, 0), func.coalesce(counted.c.n, 0)
    joined = kept.join(counted, onclause=and_(*both), full=True)
    return select(*keys, ours, real).select_from(joined).where(ours != real).order_by(*keys)
