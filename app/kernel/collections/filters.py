"""The kinds of filter that lists share, as SQL that means the same in every database.

Under row-level security only leakproof operators, equality and order, filter a table by an index;
the others (prefixes, networks) filter the rows that are read anyway. A prefix is no range: what
lies between two texts depends on the collation.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, cast, func, or_, true
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.collections.declaration import Moment
from app.kernel.query_language.terms import Term
from app.kernel.query_language.times import window

# A column of a mapped class, or of its table.
Searched = InstrumentedAttribute[Any] | ColumnElement[Any]
Where = Callable[[Term, Moment], ColumnElement[bool]]


def equals_any(*columns: Searched) -> Where:
    """Match rows where one of the columns is the value."""

    def where(term: Term, _moment: Moment) -> ColumnElement[bool]:
        return or_(*(column == term.values[0] for column in columns))

    return where


def begins_with(column: Searched) -> Where:
    """Match rows where the column begins with the value, letter for letter."""

    def where(term: Term, _moment: Moment) -> ColumnElement[bool]:
        return func.starts_with(column, term.values[0], type_=Boolean)

    return where


def within_network(column: Searched) -> Where:
    """Match rows whose address is the value or lies in its network."""

    def where(term: Term, _moment: Moment) -> ColumnElement[bool]:
        return column.op("<<=", is_comparison=True)(cast(term.values[0], INET))

    return where


def within_time(column: Searched) -> Where:
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
