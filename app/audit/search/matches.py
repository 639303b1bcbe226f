"""What matches a query, as one statement that can be grouped: all of it, or a weighted sample.

All of it where that is little to look at: a short stretch of time, or few hits of the index.
A sample otherwise: of each stratum of time two hours are drawn, the busier the likelier, always
the same ones, and of each the first events; the weight of an event says for how many it stands.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    FromClause,
    Subquery,
    and_,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy import cast as sql_cast

from app.audit.rollups.models import AuditCountHourly
from app.audit.rollups.reading import HOUR, bucket_of, floor
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
HOURS_DRAWN, DRAWN_AN_HOUR = 2, 50

GROUPED = ("occurred_at", "outcome", "action", "target_type", "actor_id", "actor_name")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: windows of time, oldest first, and the SQL and the words of the rest."""

    tenant_id: UUID
    spans: tuple[TimeWindow, ...]
    conditions: Conditions
    narrowing: Narrowing


@dataclass(frozen=True, slots=True)
class Matches:
    """The matching events, each with `GROUPED` and its `weight`, which is 1 where all are here."""

    source: Subquery
    is_exact: bool


def find_matches(question: Question, events: int, strata: Sequence[dt.datetime]) -> Matches:
    """Return what matches.

    `events` says how many events there are in the windows, whatever matches; `strata` are the
    moments that strata of a sample begin at, no two in the same hour.
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


def _sample(question: Question, strata: Sequence[dt.datetime]) -> Subquery:
    drawn = _drawn_hours(question, strata)
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


def _drawn_hours(question: Question, strata: Sequence[dt.datetime]) -> Subquery:
    """Return the hours drawn, each with how many events it stands for."""
    counts = AuditCountHourly.metadata.tables[AuditCountHourly.__tablename__]
    hours = (
        select(
            counts.c.hour,
            func.sum(counts.c.n).label("n"),
            bucket_of(counts.c.hour, strata).label("stratum"),
        )
        .where(counts.c.tenant_id == question.tenant_id, _touching(question.spans, counts))
        .group_by(counts.c.hour)
        .having(func.sum(counts.c.n) > 0)
        .subquery("hours")
    )
    # A number between 0 and 1 that an hour always has; so drawn, the chance of an hour is in
    # proportion to its events (Efraimidis and Spirakis, weighted sampling without replacement).
    epoch = sql_cast(func.extract("epoch", hours.c.hour), BigInteger)
    chance = (func.abs(func.hashint8(epoch) % 1_000_000) + 1) / 1_000_001.0
    by_stratum: dict[str, Any] = {"partition_by": hours.c.stratum}
    ranked = select(
        hours.c.hour,
        hours.c.stratum,
        func.sum(hours.c.n).over(**by_stratum).label("events"),
        func.row_number().over(**by_stratum, order_by=-func.ln(chance) / hours.c.n).label("place"),
        func.count().over(**by_stratum).label("hours"),
    ).subquery("ranked")
    drawn = func.least(ranked.c.hours, HOURS_DRAWN)
    return (
        select(ranked.c.hour, (ranked.c.events / drawn).label("stands_for"))
        .where(ranked.c.place <= HOURS_DRAWN)
        .subquery("drawn")
    )


def _columns(source: FromClause) -> list[ColumnElement[Any]]:
    return [source.c[name] for name in GROUPED]


def _within(spans: Sequence[TimeWindow], source: FromClause) -> ColumnElement[bool]:
    time = source.c.occurred_at
    return or_(*(_between(time, span.start, span.end) for span in spans))


def _touching(spans: Sequence[TimeWindow], counts: FromClause) -> ColumnElement[bool]:
    """Return the SQL of hours that a span has a part in."""
    hour = counts.c.hour
    starts = [span.start and floor(span.start, HOUR) for span in spans]
    return or_(
        *(_between(hour, start, span.end) for start, span in zip(starts, spans, strict=True))
    )


def _between(
    time: ColumnElement[Any], start: dt.datetime | None, end: dt.datetime | None
) -> ColumnElement[bool]:
    bounds = []
    if start is not None:
        bounds.append(time >= start)
    if end is not None:
        bounds.append(time < end)
    return and_(true(), *bounds)
