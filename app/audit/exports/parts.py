"""Cutting an export into parts of bounded size, by time: what is written between two commits.

The hourly counts say how many events there are, so that parts are neither many nor long. They
say nothing about which events: parts meet without a gap and reach as far as the query does.
"""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from app.audit.rollups.models import AuditCountHourly
from app.audit.rollups.reading import HOUR, floor
from app.kernel.database import current_session
from app.kernel.query_language.times import TimeWindow

# Some hundred milliseconds of work: as much as a crash costs, or calling off waits for.
EVENTS_A_PART = 50_000
# The pieces of one busy hour; shorter than a minute would be of no use to anybody.
MOST_PIECES = 60
# Before everything: what an export without a beginning is done until when it is done.
BEGINNING = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


class Part(NamedTuple):
    """A window of time, and how many events lie in it according to the counts."""

    window: TimeWindow
    events: int


def parts_of(spans: Sequence[TimeWindow], done_until: dt.datetime | None) -> Iterator[Part]:
    """Yield the parts of some spans, newest first, that begin before a moment; None is all."""
    for span in reversed(spans):
        rest = span
        if done_until is not None:
            if (span.start or BEGINNING) >= done_until:
                continue
            end = done_until if span.end is None else min(span.end, done_until)
            rest = TimeWindow(span.start, end)
        yield from _cut(rest)


def count_events(spans: Sequence[TimeWindow]) -> int:
    """Return how many events the counts know in the spans, in whole hours."""
    return sum(n for span in spans for _hour, n in _hours(span))


def _cut(span: TimeWindow) -> Iterator[Part]:
    end, events = span.end, 0
    for start, n in _pieces(span):
        events += n
        if events >= EVENTS_A_PART:
            yield Part(TimeWindow(start, end), events)
            end, events = start, 0
    if span.start is None or end is None or span.start < end:
        yield Part(TimeWindow(span.start, end), events)


def _pieces(span: TimeWindow) -> Iterator[tuple[dt.datetime, int]]:
    """Yield moments inside a span to cut it at, newest first, each with the events behind it."""
    for hour, n in _hours(span):
        pieces = min(MOST_PIECES, math.ceil(n / EVENTS_A_PART)) or 1
        for piece in reversed(range(pieces)):
            at = hour + HOUR / pieces * piece
            if (span.end is None or at < span.end) and (span.start is None or at > span.start):
                yield at, n // pieces


def _hours(span: TimeWindow) -> list[tuple[dt.datetime, int]]:
    hour = AuditCountHourly.hour
    statement = select(hour, func.sum(AuditCountHourly.n)).group_by(hour).order_by(hour.desc())
    if span.start is not None:
        statement = statement.where(hour >= floor(span.start, HOUR))
    if span.end is not None:
        statement = statement.where(hour < span.end)
    return [(at, int(n)) for at, n in current_session().execute(statement)]
