"""Counting from the tables of counts: exact, and as quick for a year as for a day.

Whole days and hours come from the counts. What a window cuts off from an hour (from a day, where
the query names actions, which the hourly counts do not know) is counted in the log itself.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    cast,
    func,
    not_,
    or_,
    select,
)

from app.audit.models import AuditEvent
from app.audit.rollups.models import ALL_ACTIONS, AuditCountDaily, AuditCountHourly
from app.kernel.database import current_session
from app.kernel.query_language.query import Query
from app.kernel.query_language.terms import Term
from app.kernel.query_language.times import TimeWindow
from app.kernel.tenant_wall import tenant_in_scope

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SUCCESS = "success"
# What the counts can be narrowed by; time is given as windows.
KEYS = frozenset({"created", "action", "outcome"})

Table = type[AuditCountDaily] | type[AuditCountHourly] | type[AuditEvent]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A window in parts: whole units of the counts, and what is left of one at either end."""

    whole: TimeWindow | None
    edges: tuple[TimeWindow, ...]


def knows(query: Query) -> bool:
    """Say whether the counts can answer for a query, whatever its time."""
    return all(condition.key in KEYS for condition in query.conditions())


def count_in(query: Query, span: TimeWindow) -> int:
    """Return how many events match a query that the counts know, in a window of time."""
    unit = finest_unit(query)
    days = cut(span, DAY)
    total = _sum(query, AuditCountDaily, days.whole)
    for part in days.edges:
        pieces = cut(part, unit)
        total += _sum(query, AuditCountHourly, pieces.whole) if unit == HOUR else 0
        total += sum(_sum(query, AuditEvent, edge) for edge in pieces.edges)
    return total


def finest_unit(query: Query) -> dt.timedelta:
    """Return the finest unit of time that the counts know a query in."""
    return DAY if _names_actions(query) else HOUR


def unit_for(query: Query, width: dt.timedelta) -> dt.timedelta | None:
    """Return the unit of counts that buckets of a width are made of; None when all are coarser."""
    if not knows(query):
        return None
    fitting = (unit for unit in (DAY, finest_unit(query)) if not width % unit)
    return next(fitting, None)


def count_in_buckets(
    query: Query, span: TimeWindow, starts: Sequence[dt.datetime], unit: dt.timedelta
) -> tuple[Counter[int], Counter[int]]:
    """Return how many events of a window are in each bucket, and how many of those failed.

    `starts` are the moments that buckets begin at, in order; the counters go by place among
    them, from 1. Within the window no bucket begins inside a unit, a day or an hour.
    """
    table = AuditCountDaily if unit == DAY else AuditCountHourly
    pieces = cut(span, unit)
    parts: list[tuple[Table, TimeWindow]] = []
    # A day that is not over may have many events already: its hours are counted, too.
    for edge in pieces.edges:
        finer = cut(edge, HOUR) if finest_unit(query) == HOUR else Pieces(None, (edge,))
        parts += [(AuditEvent, one) for one in finer.edges]
        if finer.whole is not None:
            parts.append((AuditCountHourly, finer.whole))
    if pieces.whole is not None:
        parts.append((table, pieces.whole))
    counts, failed = Counter[int](), Counter[int]()
    for source, window in parts:
        for place, n, n_failed in _grouped(query, source, window, starts):
            counts[place] += n
            failed[place] += n_failed
    return counts, failed


def count_by_value(query: Query, span: TimeWindow, name: str) -> Counter[str]:
    """Return how many events of a window have each `action`, or each `outcome`."""
    found: Counter[str] = Counter()
    pieces = cut(span, DAY)
    parts: list[tuple[Table, TimeWindow]] = [(AuditEvent, edge) for edge in pieces.edges]
    if pieces.whole is not None:
        parts.append((AuditCountDaily, pieces.whole))
    for table, window in parts:
        value = _column(table, name)
        statement = select(value, _number(table)).group_by(value)
        by_action = name == "action"
        rows = current_session().execute(
            statement.where(*_conditions(query, table, window, by_action=by_action))
        )
        for each, n in rows:
            found[each] += int(n)
    return found


def find_first_day(query: Query, span: TimeWindow) -> dt.datetime | None:
    """Return the beginning of the first day with a match; None when nothing matches."""
    start = None if span.start is None else floor(span.start, DAY)
    end = None if span.end is None else ceiling(span.end, DAY)
    conditions = _conditions(query, AuditCountDaily, TimeWindow(start, end))
    day, n = _column(AuditCountDaily, "day"), _column(AuditCountDaily, "n")
    statement = select(func.min(day)).where(n > 0, *conditions)
    first = current_session().scalar(statement)
    return None if first is None else dt.datetime.combine(first, dt.time(), dt.UTC)


def bucket_of(time: ColumnElement[Any], starts: Sequence[dt.datetime]) -> ColumnElement[int]:
    """Return the SQL of the place of a time among the moments that buckets begin at, from 1."""
    thresholds = cast(list(starts), ARRAY(DateTime(timezone=True)))
    return func.width_bucket(cast(time, DateTime(timezone=True)), thresholds, type_=Integer)


def cut(span: TimeWindow, unit: dt.timedelta) -> Pieces:
    """Return a window as whole units of time, counted from midnight in UTC, and its edges."""
    first = None if span.start is None else ceiling(span.start, unit)
    last = None if span.end is None else floor(span.end, unit)
    if first is not None and last is not None and first >= last:
        return Pieces(None, (span,))
    edges = []
    if span.start is not None and first is not None and span.start < first:
        edges.append(TimeWindow(span.start, first))
    if span.end is not None and last is not None and last < span.end:
        edges.append(TimeWindow(last, span.end))
    return Pieces(TimeWindow(first, last), tuple(edges))


def floor(at: dt.datetime, unit: dt.timedelta) -> dt.datetime:
    """Return the last multiple of a unit since 1970, in UTC, that is not after a moment."""
    return _EPOCH + (at - _EPOCH) // unit * unit


def ceiling(at: dt.datetime, unit: dt.timedelta) -> dt.datetime:
    """Return the first multiple of a unit since 1970, in UTC, that is not before a moment."""
    # Nothing is stored of the last year there is, whose end no computer can add anything to.
    return floor(min(at, _LATEST) + unit - dt.timedelta(microseconds=1), unit)


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LATEST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def _names_actions(query: Query) -> bool:
    return any(condition.key == "action" for condition in query.conditions())


def _sum(query: Query, table: Table, window: TimeWindow | None) -> int:
    if window is None:
        return 0
    statement = select(_number(table)).where(*_conditions(query, table, window))
    return int(current_session().scalar(statement) or 0)


def _grouped(
    query: Query, table: Table, window: TimeWindow, starts: Sequence[dt.datetime]
) -> list[tuple[int, int, int]]:
    time = _time(table)
    if table is AuditCountDaily:
        # A date has a zone only by the server's leave.
        time = func.timezone("UTC", cast(time, DateTime))
    place = bucket_of(time, starts).label("place")
    failed = func.coalesce(_number(table).filter(_column(table, "outcome") != SUCCESS), 0)
    statement = select(place, _number(table), failed).group_by("place")
    rows = current_session().execute(statement.where(*_conditions(query, table, window)))
    return [(place, int(n), int(n_failed)) for place, n, n_failed in rows]


def _number(table: Table) -> Any:  # noqa: ANN401  an aggregate, whichever
    return func.count() if table is AuditEvent else func.sum(_column(table, "n"))


def _column(table: Table, name: str) -> ColumnElement[Any]:
    # Of the bare table: the statement costs a third less to make, and names its tenant itself.
    return table.__table__.columns[name]


def _time(table: Table) -> ColumnElement[Any]:
    names = {AuditEvent: "occurred_at", AuditCountHourly: "hour", AuditCountDaily: "day"}
    return _column(table, names[table])


def _conditions(
    query: Query, table: Table, window: TimeWindow, *, by_action: bool = False
) -> list[ColumnElement[bool]]:
    """Return the SQL of a query over one of the three tables, in a window of time."""
    conditions: list[ColumnElement[bool]] = [_column(table, "tenant_id") == tenant_in_scope()]
    time = _time(table)
    for edge, compare in ((window.start, time.__ge__), (window.end, time.__lt__)):
        if edge is not None:
            conditions.append(compare(edge.date() if table is AuditCountDaily else edge))
    if table is AuditCountDaily:
        all_actions = _column(table, "action") == ALL_ACTIONS
        conditions.append(not_(all_actions) if by_action or _names_actions(query) else all_actions)
    for condition in query.conditions():
        if condition.key == "created":
            continue
        matched = or_(*(_matches(table, term) for term in condition.terms))
        conditions.append(not_(matched) if condition.negated else matched)
    return conditions


def _matches(table: Table, term: Term) -> ColumnElement[bool]:
    if term.key == "outcome":
        return _column(table, "outcome") == term.values[0]
    return func.starts_with(_column(table, "action"), term.values[0], type_=Boolean)
