"""Days of a log: how many events each holds, and the lexemes of a run of them."""

import calendar
import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select

from app.audit.rollups.models import ALL_ACTIONS, AuditCountDaily
from app.audit.search.lexemes import day_lexeme, month_lexeme
from app.audit.search.narrowing import any_of
from app.audit.search.steps import Place, Stretch
from app.kernel.database import current_session
from app.kernel.query_language.times import TimeWindow

_COUNTS = AuditCountDaily.metadata.tables[AuditCountDaily.__tablename__]
_ONE = dt.timedelta(days=1)


class Day(NamedTuple):
    """A day in UTC, and how many events of the tenant it holds."""

    day: dt.date
    events: int


def days_of(stretch: Stretch) -> list[Day]:
    """Return the days with events that a stretch touches, in its direction."""
    first, last = _edges(stretch)
    day = _COUNTS.c.day
    statement = (
        select(day, cast(func.sum(_COUNTS.c.n), BigInteger))
        .where(_COUNTS.c.tenant_id == stretch.tenant_id, _COUNTS.c.action == ALL_ACTIONS)
        .group_by(day)
        .order_by(day.asc() if stretch.rising else day.desc())
    )
    if first is not None:
        statement = statement.where(day >= first)
    if last is not None:
        statement = statement.where(day <= last)
    rows = current_session().execute(statement)
    return [Day(day, events) for day, events in rows if events]


def window_of(days: Sequence[Day]) -> TimeWindow:
    """Return the time from the first moment of a run of days to its last."""
    first, last = min(days).day, max(days).day
    return TimeWindow(_midnight(first), _midnight(last) + _ONE)


def edge_of(days: Sequence[Day], *, rising: bool) -> Place:
    """Return the place where somebody goes on who has seen all of a run of days."""
    if rising:
        last = _midnight(max(days).day) + _ONE - dt.timedelta(microseconds=1)
        return last, UUID(int=2**128 - 1)
    return _midnight(min(days).day), UUID(int=0)


def lexemes_of(days: Sequence[Day], mark: str) -> str:
    """Return the `tsquery` of events of a run of days: whole months as one lexeme each."""
    first, last = min(days).day, max(days).day
    found: list[str] = []
    for _, month in groupby((day for day, _events in days), lambda day: (day.year, day.month)):
        some = list(month)
        begins = some[0].replace(day=1)
        ends = begins.replace(day=calendar.monthrange(begins.year, begins.month)[1])
        is_whole = first <= begins and ends <= last
        found += [month_lexeme(begins)] if is_whole else map(day_lexeme, some)
    return any_of(found, mark)


def _edges(stretch: Stretch) -> tuple[dt.date | None, dt.date | None]:
    first = stretch.span.start.date() if stretch.span.start else None
    last = stretch.span.end.date() if stretch.span.end else None
    if stretch.place is not None:
        day = stretch.place[0].astimezone(dt.UTC).date()
        if stretch.rising:
            first = day if first is None else max(first, day)
        else:
            last = day if last is None else min(last, day)
    return first, last


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
