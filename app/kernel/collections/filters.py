"""The kinds of filter that lists share, as SQL that can use an index under row-level security.

Only leakproof operators filter a table under row-level security by an index: equality and
order, not LIKE. So a prefix is written as a range.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, or_, true
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.collections.declaration import Moment
from app.kernel.query_language.terms import Term
from app.kernel.query_language.times import window

Where = Callable[[Term, Moment], ColumnElement[bool]]

# The last code point: every string that begins with a prefix sorts before prefix + this.
_LAST = "\U0010ffff"


def equals_any(*columns: InstrumentedAttribute[Any]) -> Where:
    """Match rows where one of the columns is the value."""

    def where(term: Term, _moment: Moment) -> ColumnElement[bool]:
        return or_(*(column == term.values[0] for column in columns))

    return where


def begins_with(column: InstrumentedAttribute[Any]) -> Where:
    """Match rows where the column begins with the value, in the byte order of the C collation."""

    def where(term: Term, _moment: Moment) -> ColumnElement[bool]:
        prefix = term.values[0]
        return and_(column >= prefix, column < prefix + _LAST)

    return where


def within_network(column: InstrumentedAttribute[Any]) -> Where:
    """Match rows whose address is the value or lies in its network."""

    def where(term: Term, _moment: Moment) -> ColumnElement[bool]:
        return column.op("<<=", is_comparison=True)(cast(term.values[0], INET))

    return where


def within_time(column: InstrumentedAttribute[Any]) -> Where:
    """Match rows whose time lies in the half-open window that the term stands for."""

    def where(term: Term, moment: Moment) -> ColumnElement[bool]:
        span = window(term, moment.now, moment.zone)
        bounds = []
        if span.start is not None:
            bounds.append(column >= span.start)
        if span.end is not None:
            bounds.append(column < span.end)
        return and_(*bounds) if bounds else true()

    return where
