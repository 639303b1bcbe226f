"""Slices: what a person filtered, fixed to an absolute window when a summary is asked for."""

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.audit.collection import AUDIT_LOG
from app.audit.queries import LogSlice, count_slice, measure
from app.kernel.problems import FieldProblem, InvalidInput
from app.kernel.query_language.query import Query, parse
from app.kernel.query_language.terms import Operator, Term
from app.kernel.query_language.times import between, bounding_window, window
from app.kernel.times import date, iso
from app.summaries.errors import EmptySlice, FilterInvalid, SliceTooLarge
from app.summaries.models import Summary

MAX_EVENTS = 1_000_000
TIME_KEY = "created"
_TITLE_QUERY = 90

# The event contract takes nothing older, so this is "since ever".
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclasses.dataclass(frozen=True, slots=True)
class Measured:
    """A slice and how many events it holds."""

    slice: LogSlice
    count: int


def open_slice(query_text: str, now: datetime, zone: ZoneInfo) -> Measured:
    """Return the slice that a query stands for at this moment, in a zone.

    Relative times become absolute, and nothing later than `now` is in it, so that the slice is
    the same tomorrow. Raises `InvalidInput` for a query with mistakes, `EmptySlice`,
    `SliceTooLarge`.
    """
    asked = parse(query_text, AUDIT_LOG.fields)
    if asked.errors:
        raise InvalidInput(
            "The filter could not be read, so there is nothing to summarise. Mend it in the audit"
            " log and ask again.",
            errors=[FieldProblem("/q", error.sentence) for error in asked.errors],
        )
    span = bounding_window(asked.terms_of(TIME_KEY), now, zone)
    end = min(span.end or now, now)
    start = span.start or _BEGINNING
    if start >= end:
        raise EmptySlice("The filter's time lies in the future, or ends before it begins.")
    slice_ = LogSlice(freeze(asked, now, zone), start, end)
    return _measured(slice_, has_start=span.start is not None)


def freeze(query: Query, now: datetime, zone: ZoneInfo) -> Query:
    """Return the query with absolute times.

    Times that the window alone expresses are left out; alternatives, gaps and negations stay
    beside it, each as the absolute range it stands for now.
    """
    times = query.terms_of(TIME_KEY)
    alternatives = [term for term in times if term.operator.is_alternative]
    rest = parse("", query.fields)
    for term in query.terms:
        if term.key != TIME_KEY:
            rest = rest.with_term(term)
    if len(alternatives) <= 1 and not any(term.negated for term in times):
        return rest
    for term in times:
        rest = rest.with_term(_frozen(term, now, zone))
    return rest


def slice_of(summary: Summary) -> LogSlice:
    """Return the slice that a summary is about; raises `FilterInvalid`.

    A term that is not understood any more would be left out, and the slice be wider than it was.
    """
    query = parse(summary.query, AUDIT_LOG.fields)
    if query.errors:
        raise FilterInvalid(
            "The filter of this summary is not understood any more, so its events cannot be read."
            " Filter the audit log anew and ask from there."
        )
    return LogSlice(query, summary.window_start, summary.window_end)


def title_of(slice_: LogSlice, zone: ZoneInfo) -> str:
    """Return a title for a summary of the slice: what was filtered, in words, and which days."""
    words = [
        f"{'not ' if chip.negated else ''}{chip.label.lower() or 'text'} {chip.text}"
        for term, chip in zip(slice_.query.terms, slice_.query.chips(), strict=True)
        if term.key != TIME_KEY
    ]
    text = ", ".join(words)
    text = text[:1].upper() + text[1:]
    subject = text if len(text) <= _TITLE_QUERY else f"{text[: _TITLE_QUERY - 1]}…"
    first = date(slice_.start, zone)
    last = date(slice_.end - timedelta(microseconds=1), zone)
    days = first if first == last else f"{first} – {last}"
    return f"{subject or 'All events'}, {days}"


def _measured(slice_: LogSlice, *, has_start: bool) -> Measured:
    count = count_slice(slice_, cap=MAX_EVENTS)
    if count == 0:
        raise EmptySlice("No event matches the filter, so there is nothing to summarise.")
    if count > MAX_EVENTS:
        raise SliceTooLarge(
            f"The filter matches more than {MAX_EVENTS:,} events. Narrow the time or add a filter;"
            " summaries of less say more."
        )
    first = None if has_start else measure(slice_).first
    return Measured(dataclasses.replace(slice_, start=first) if first else slice_, count)


def _frozen(term: Term, now: datetime, zone: ZoneInfo) -> Term:
    span = window(term, now, zone)
    if span.start is not None and span.end is not None:
        return dataclasses.replace(between(TIME_KEY, span.start, span.end), negated=term.negated)
    if span.start is not None:
        return Term(TIME_KEY, Operator.AT_LEAST, (iso(span.start),), term.negated)
    if span.end is not None:
        return Term(TIME_KEY, Operator.LESS_THAN, (iso(span.end),), term.negated)
    raise RuntimeError(f"The time {term.values} has neither a start nor an end.")
