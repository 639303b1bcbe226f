"""What matches a query, as one statement that can be grouped: all of it, or a weighted sample.

All of it where that is little to look at: a short stretch of time, or few hits of the index.
A sample otherwise: of each stratum of time two hours are drawn, the busier the likelier, always
the same ones, and of each the first events; the weight of an event says for how many it stands.
Of long strata two days are drawn first, and one hour of each: a year has 8,760 hours, and to
rank them took longer than to read the events.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Float,
    FromClause,
    Label,
    Select,
    Subquery,
    and_,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy import cast as sql_cast

from app.audit.rollups.models import ALL_ACTIONS, AuditCountDaily, AuditCountHourly
from app.audit.rollups.reading import DAY, HOUR, bucket_of, ceiling, floor
from app.audit.search.narrowing import Narrowing
from app.audit.search.steps import (
    Conditions,
    Stretch,
    in_index,
    mentioned,
    walk,
)
from app.audit.search.view import EVENTS, SEARCHABLE, onto
from app.kernel.database import current_session
from app.kernel.query_language.times import TimeWindow

# So many events of a stretch of time are simply all looked at.
FEW_EVENTS = 5_000
# So many hits of the index are looked at in the table.
FEW_HITS = 3_000
# The newest events that tell whether something is rare, and from how many matches on it is not.
LOOKED_AT, NOT_RARE = 500, 8
DRAWN, DRAWN_AN_HOUR = 2, 50
# Of strata so long days are drawn before hours.
LONG_STRATUM = 7 * DAY

_DAILY = AuditCountDaily.metadata.tables[AuditCountDaily.__tablename__]
_HOURLY = AuditCountHourly.metadata.tables[AuditCountHourly.__tablename__]
GROUPED = ("occurred_at", "outcome", "action", "target_type", "actor_id", "actor_name")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: windows of time, oldest first, and the SQL and the words of the rest."""

    tenant_id: UUID
    spans: tuple[TimeWindow, ...]
    conditions: Conditions
    narrowing: Narrowing


@dataclass(frozen=True, slots=True)
class Strata:
    """Strata of a sample: the whole hours that they begin at, and how long they mostly are."""

    starts: Sequence[dt.datetime]
    width: dt.timedelta


@dataclass(frozen=True, slots=True)
class Matches:
    """The matching events, each with `GROUPED` and its `weight`, which is 1 where all are here."""

    source: Subquery
    is_exact: bool


def find_matches(question: Question, events: int, strata: Strata) -> Matches:
    """Return what matches.

    `events` says how many events there are in the windows, whatever matches; no two of the
    `strata` begin in the same hour.
    """
    if events <= FEW_EVENTS:
        return Matches(_in_time(question), is_exact=True)
    words = question.narrowing.text if question.narrowing.is_selective else None
    if words and not _is_common(question) and _count_hits(question, words) <= FEW_HITS:
        return Matches(_hits(question, words), is_exact=True)
    return Matches(_sample(question, strata), is_exact=False)


def _is_common(question: Question) -> bool:
    newest = Stretch(question.tenant_id, question.spans[-1], None, rising=False)
    found = walk(newest, question.conditions, steps=LOOKED_AT, limit=NOT_RARE)
    return len(found) == NOT_RARE


def _in_time(question: Question) -> Subquery:
    statement = select(*_columns(EVENTS), literal(1.0).label("weight")).where(
        EVENTS.c.tenant_id == question.tenant_id,
        _within(question.spans, EVENTS),
        *question.conditions,
    )
    return statement.subquery("matches")


def _count_hits(question: Question, words: str) -> int:
    hits = select(literal(1)).where(*_indexed(question, words)).limit(FEW_HITS + 1).subquery()
    return current_session().scalar(select(func.count()).select_from(hits)) or 0


def _hits(question: Question, words: str) -> Subquery:
    statement = select(*_columns(SEARCHABLE), literal(1.0).label("weight")).where(
        *_indexed(question, words),
        *(onto(each, SEARCHABLE) for each in question.conditions),
    )
    return statement.subquery("matches")


def _indexed(question: Question, words: str) -> list[ColumnElement[bool]]:
    return [*in_index(question.tenant_id, words), _within(question.spans, SEARCHABLE)]


def _sample(question: Question, strata: Strata) -> Subquery:
    is_long = strata.width >= LONG_STRATUM
    drawn = (_hours_of_days if is_long else _hours)(question, strata.starts)
    names = {*GROUPED, *mentioned(question.conditions)}
    some = (
        select(*(EVENTS.c[name] for name in sorted(names)))
        .where(
            EVENTS.c.tenant_id == question.tenant_id,
            EVENTS.c.occurred_at >= drawn.c.hour,
            EVENTS.c.occurred_at < drawn.c.hour + HOUR,
            _within(question.spans, EVENTS),
        )
        .order_by(EVENTS.c.occurred_at, EVENTS.c.id)
        .limit(DRAWN_AN_HOUR)
        .lateral("some")
    )
    looked_at = func.count().over(partition_by=drawn.c.hour)
    weight = sql_cast(drawn.c.stands_for, Float) / looked_at
    near = select(*some.c, weight.label("weight")).select_from(drawn.join(some, true())).subquery()
    statement = select(*_columns(near), near.c.weight)
    return statement.where(*(onto(each, near) for each in question.conditions)).subquery("matches")


def _hours(question: Question, starts: Sequence[dt.datetime]) -> Subquery:
    """Return the hours drawn of each stratum, each with how many events it stands for."""
    hour = _HOURLY.c.hour
    stratum = bucket_of(hour, starts).label("stratum")
    hours = _counted_hours(question).add_columns(_EVENTS_OF_HOUR.label("n"), _TURN_OF_HOUR, stratum)
    return _draw(hours.subquery("hours")).subquery("drawn")


def _hours_of_days(question: Question, starts: Sequence[dt.datetime]) -> Subquery:
    """Return one hour of each day drawn of each stratum, and for how many events it stands."""
    # A date has a zone only by the server's leave.
    midnight = func.timezone("UTC", sql_cast(_DAILY.c.day, DateTime), type_=DateTime(timezone=True))
    events = func.sum(_DAILY.c.n)
    days = (
        select(
            midnight.label("day"),
            events.label("n"),
            _turn(func.extract("epoch", _DAILY.c.day) / 86_400, events),
            bucket_of(midnight, starts).label("stratum"),
        )
        .where(
            _DAILY.c.tenant_id == question.tenant_id,
            _DAILY.c.action == ALL_ACTIONS,
            _touching_days(question.spans),
        )
        .group_by(_DAILY.c.day)
        .having(events > 0)
    )
    day = _draw(days.subquery("days")).subquery("day")
    of_day = (_HOURLY.c.hour >= day.c.day, _HOURLY.c.hour < day.c.day + DAY)
    hour = _counted_hours(question).where(*of_day).order_by(_TURN_OF_HOUR).limit(1).lateral("hour")
    drawn = select(hour.c.hour, day.c.stands_for).select_from(day.join(hour, true()))
    return drawn.subquery("drawn")


def _counted_hours(question: Question) -> Select[Any]:
    """Return the statement for the hours of a question that have events."""
    return (
        select(_HOURLY.c.hour)
        .where(_HOURLY.c.tenant_id == question.tenant_id, _touching_hours(question.spans))
        .group_by(_HOURLY.c.hour)
        .having(_EVENTS_OF_HOUR > 0)
    )


def _draw(units: Subquery) -> Select[Any]:
    """Return the units drawn of each stratum, each with how many events it stands for."""
    unit, stratum = units.c[0], units.c.stratum
    ranked = select(
        unit,
        func.sum(units.c.n).over(partition_by=stratum).label("events"),
        func.row_number().over(partition_by=stratum, order_by=units.c.turn).label("place"),
        func.count().over(partition_by=stratum).label("units"),
    ).subquery("ranked")
    drawn = func.least(ranked.c.units, DRAWN)
    stands_for = (ranked.c.events / drawn).label("stands_for")
    return select(ranked.c[unit.name], stands_for).where(ranked.c.place <= DRAWN)


def _turn(number: ColumnElement[Any], events: ColumnElement[Any]) -> Label[Any]:
    """Return the SQL by which units are drawn, the smallest first.

    It begins with a number between 0 and 1 that a unit always has; so drawn, the chance of a
    unit is in proportion to its events (Efraimidis and Spirakis, weighted sampling without
    replacement).
    """
    mixed = func.hashint8(sql_cast(number, BigInteger))
    chance = (func.abs(mixed % 1_000_000) + 1) / 1_000_001.0
    return (-func.ln(chance) / events).label("turn")


_EVENTS_OF_HOUR = func.sum(_HOURLY.c.n)
_TURN_OF_HOUR = _turn(func.extract("epoch", _HOURLY.c.hour), _EVENTS_OF_HOUR)


def _columns(source: FromClause) -> list[ColumnElement[Any]]:
    return [source.c[name] for name in GROUPED]


def _within(spans: Sequence[TimeWindow], source: FromClause) -> ColumnElement[bool]:
    time = source.c.occurred_at
    return or_(*(_between(time, span.start, span.end) for span in spans))


def _touching_hours(spans: Sequence[TimeWindow]) -> ColumnElement[bool]:
    """Return the SQL of hours that a span has a part in."""
    starts = [span.start and floor(span.start, HOUR) for span in spans]
    return or_(
        *(
            _between(_HOURLY.c.hour, start, span.end)
            for start, span in zip(starts, spans, strict=True)
        )
    )


def _touching_days(spans: Sequence[TimeWindow]) -> ColumnElement[bool]:
    """Return the SQL of days that a span has a part in."""
    edges = [
        (span.start and floor(span.start, DAY).date(), span.end and ceiling(span.end, DAY).date())
        for span in spans
    ]
    return or_(*(_between(_DAILY.c.day, start, end) for start, end in edges))


def _between(
    time: ColumnElement[Any], start: dt.date | None, end: dt.date | None
) -> ColumnElement[bool]:
    bounds = []
    if start is not None:
        bounds.append(time >= start)
    if end is not None:
        bounds.append(time < end)
    return and_(true(), *bounds)
