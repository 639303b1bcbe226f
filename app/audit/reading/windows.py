"""Queries that mean the same tomorrow: their times as absolute windows."""

from zoneinfo import ZoneInfo

from app.audit.collection import AUDIT_LOG
from app.audit.search.narrowing import TIME
from app.kernel.collections.declaration import Moment
from app.kernel.collections.spans import spans_of
from app.kernel.query_language.canonical import write
from app.kernel.query_language.query import Query, parse
from app.kernel.query_language.terms import Operator, Term
from app.kernel.query_language.times import TimeWindow, between, window
from app.kernel.times import exact


def absolute(query: Query, moment: Moment) -> Query:
    """Return the query with the same meaning at any time: what it means at this moment.

    Days and wall-clock times are spelled in UTC, so that it also means the same in another zone.
    A query without an end ends at the moment.
    """
    terms = [_absolute(term, moment) if term.key == TIME else term for term in query.terms]
    spans = spans_of(query, TIME, moment)
    if spans and spans[-1].end is None:
        terms.append(_bound(Operator.LESS_THAN, _spelled(moment)))
    found = parse(write(terms, query.fields), query.fields)
    # A window that ends before it begins cannot be spelled; it finds nothing at any time.
    return query if found.errors else found


def hull(query: Query, moment: Moment) -> TimeWindow:
    """Return the smallest window with everything that a query may find."""
    spans = spans_of(query, TIME, moment)
    return (
        TimeWindow(spans[0].start, spans[-1].end) if spans else TimeWindow(moment.now, moment.now)
    )


def window_words(window: TimeWindow, zone: ZoneInfo) -> str:
    """Return a window of time in words, with each of its ends."""
    start = f"from {exact(window.start, zone)}" if window.start else ""
    end = f"before {exact(window.end, zone)}" if window.end else ""
    words = ", ".join(filter(None, (start, end))) or "any time"
    return words[0].upper() + words[1:]


def query_of(text: str) -> Query:
    """Return what a text asks of the audit log."""
    return parse(text, AUDIT_LOG.fields)


def _absolute(term: Term, moment: Moment) -> Term:
    asked = window(term, moment.now, moment.zone)
    if asked.start is not None and asked.end is not None:
        return Term(
            TIME, Operator.BETWEEN, between(TIME, asked.start, asked.end).values, term.negated
        )
    if asked.start is not None:
        low, _high = between(TIME, asked.start, asked.start).values
        return _bound(Operator.AT_LEAST, low, negated=term.negated)
    if asked.end is not None:
        low, _high = between(TIME, asked.end, asked.end).values
        return _bound(Operator.LESS_THAN, low, negated=term.negated)
    return term


def _bound(operator: Operator, value: str, *, negated: bool = False) -> Term:
    return Term(TIME, operator, (value,), negated)


def _spelled(moment: Moment) -> str:
    return between(TIME, moment.now, moment.now).values[0]
