"""The statements that a search is made of; each touches a bounded number of rows."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    UnaryExpression,
    bindparam,
    cast,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.visitors import iterate

from app.audit.search.lines import EventLine, line_columns
from app.audit.search.view import EVENTS, SEARCHABLE, onto
from app.kernel.database import current_session
from app.kernel.query_language.times import TimeWindow

Conditions = Sequence[ColumnElement[bool]]
Place = tuple[dt.datetime, UUID]

# As many matches as one step looks at in the table: some ten milliseconds when all are in memory.
MOST_HITS = 1_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a tenant's log: a window, from a place on, in one direction."""

    tenant_id: UUID
    span: TimeWindow
    place: Place | None
    rising: bool

    def holds(self, source: FromClause) -> list[ColumnElement[bool]]:
        """Return the SQL of lying in the stretch."""
        at, found = source.c.occurred_at, []
        if self.span.start is not None:
            found.append(at >= self.span.start)
        if self.span.end is not None:
            found.append(at < self.span.end)
        if self.place is not None:
            place = tuple_(at, source.c.id)
            found.append(place > self.place if self.rising else place < self.place)
        return found

    def order(self, source: FromClause) -> list[UnaryExpression[object]]:
        """Return the SQL of its direction, which the index on time has."""
        columns = (source.c.occurred_at, source.c.id)
        return [column.asc() if self.rising else column.desc() for column in columns]


@dataclass(frozen=True, slots=True)
class Hits:
    """What the inverted index led to: the best lines, of how many matches, among how many hits.

    Past `MOST_HITS` hits nobody looked further, and the lines are not the best ones.
    """

    lines: list[EventLine]
    matches: int
    hits: int

    @property
    def is_complete(self) -> bool:
        return self.hits <= MOST_HITS


def read_lines(stretch: Stretch, limit: int) -> list[EventLine]:
    """Return the first lines of a stretch."""
    span, place = stretch.span, stretch.place
    statement = _reading(
        rising=stretch.rising,
        has_start=span.start is not None,
        has_end=span.end is not None,
        has_place=place is not None,
    )
    at, ident = place or (None, None)
    asked: dict[str, Any] = {
        "tenant": stretch.tenant_id,
        "start": span.start,
        "end": span.end,
        "at": at,
        "id": ident,
        "most": limit,
    }
    return [EventLine(*row) for row in current_session().execute(statement, asked)]


@functools.cache
def _reading(*, rising: bool, has_start: bool, has_end: bool, has_place: bool) -> Select[Any]:
    """Return the statement that reads lines, made once for each form of a stretch.

    Its parameters are `tenant`, `most`, and those of `start`, `end`, `at` and `id` that it has.
    """
    at, ident = EVENTS.c.occurred_at, EVENTS.c.id
    asked = tuple_(bindparam("at", type_=at.type), bindparam("id", type_=ident.type))
    conditions = [EVENTS.c.tenant_id == bindparam("tenant")]
    if has_start:
        conditions.append(at >= bindparam("start"))
    if has_end:
        conditions.append(at < bindparam("end"))
    if has_place:
        place = tuple_(at, ident)
        conditions.append(place > asked if rising else place < asked)
    order = [column.asc() if rising else column.desc() for column in (at, ident)]
    statement = select(*line_columns(EVENTS)).where(*conditions)
    return statement.order_by(*order).limit(bindparam("most", type_=Integer))


def walk(stretch: Stretch, conditions: Conditions, *, steps: int, limit: int) -> list[EventLine]:
    """Return the first lines that match among the first `steps` events of a stretch."""
    names = {*EventLine._fields, *mentioned(conditions)}
    near = (
        select(*(EVENTS.c[name] for name in sorted(names)))
        .where(EVENTS.c.tenant_id == stretch.tenant_id, *stretch.holds(EVENTS))
        .order_by(*stretch.order(EVENTS))
        .limit(steps)
        .subquery("near")
    )
    statement = select(*line_columns(near)).where(*(onto(each, near) for each in conditions))
    return _lines(statement.order_by(*stretch.order(near)).limit(limit))


def place_after(stretch: Stretch, steps: int) -> Place | None:
    """Return the place of the event so many steps into a stretch; None when it has fewer."""
    statement = (
        select(EVENTS.c.occurred_at, EVENTS.c.id)
        .where(EVENTS.c.tenant_id == stretch.tenant_id, *stretch.holds(EVENTS))
        .order_by(*stretch.order(EVENTS))
        .offset(steps - 1)
        .limit(1)
    )
    row = current_session().execute(statement).first()
    return None if row is None else (row.occurred_at, row.id)


def seek(stretch: Stretch, conditions: Conditions, words: str, *, limit: int) -> Hits:
    """Return the first lines of a stretch that the index knows the words of, and that match.

    `words` is the text of a `tsquery`.
    """
    names = {*EventLine._fields, *mentioned(conditions)}
    hits = (
        select(*(SEARCHABLE.c[name] for name in sorted(names)))
        .where(*in_index(stretch.tenant_id, words), *stretch.holds(SEARCHABLE))
        .limit(MOST_HITS + 1)
        .cte("hits")
    )
    matched = [onto(each, hits) for each in conditions]
    best = (
        select(*line_columns(hits))
        .where(*matched)
        .order_by(*stretch.order(hits))
        .limit(limit)
        .subquery("best")
    )
    total = select(
        func.count().label("hits"), func.count().filter(*(matched or [true()])).label("matches")
    )
    counted = total.select_from(hits).subquery("counted")
    statement = (
        select(counted.c.hits, counted.c.matches, *line_columns(best))
        .select_from(counted.outerjoin(best, true()))
        .order_by(*stretch.order(best))
    )
    rows = current_session().execute(statement).all()
    lines = [EventLine(*row[2:]) for row in rows if row.id is not None]
    return Hits(lines, rows[0].matches, rows[0].hits)


def in_index(tenant_id: UUID, words: str) -> list[ColumnElement[bool]]:
    """Return the SQL over the view of what the inverted index knows the words of."""
    asked = cast(bindparam(None, words, type_=String), TSQUERY)
    return [
        SEARCHABLE.c.search.op("@@", is_comparison=True)(asked),
        # The view says the same of the session; nobody should have to rely on one alone.
        (SEARCHABLE.c.tenant_id == tenant_id).is_(true()),
    ]


def _lines(statement: Select[Any]) -> list[EventLine]:
    return [EventLine(*row) for row in current_session().execute(statement)]


def mentioned(conditions: Conditions) -> Iterable[str]:
    """Return the names of the log's columns that the conditions look at."""
    return {
        part.name
        for condition in conditions
        for part in iterate(condition)
        if isinstance(part, Column) and part.table is EVENTS
    }
