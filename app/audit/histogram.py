"""Events over time: equal buckets over the time that the query asks for."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from app.audit.asking import ask, count_events_in
from app.audit.axis import Axis, axis_of, begin_at, edges_of, strata_of, width_of
from app.audit.rollups.reading import (
    HOUR,
    SUCCESS,
    bucket_of,
    count_in_buckets,
    find_first_day,
    knows,
    unit_for,
)
from app.audit.search.matches import Question, find_matches
from app.audit.time_limit import TookTooLong, time_limit
from app.kernel.collections.declaration import Moment
from app.kernel.database import current_session
from app.kernel.query_language.query import Query
from app.kernel.query_language.times import TimeWindow

LIMIT_MS = 300


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar: events from `start` up to, not including, `end`; both within the window."""

    start: dt.datetime
    end: dt.datetime
    count: int
    failed: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """All bars of the time asked for, empty ones included; none stands for time between ranges.

    `failed` counts failure and denied. Where `is_exact` is False the numbers are estimates from
    a sample. When counting took too long there are no bars.
    """

    start: dt.datetime
    end: dt.datetime
    buckets: tuple[Bucket, ...]
    is_exact: bool = True
    took_too_long: bool = False

    @property
    def total(self) -> int:
        return sum(bucket.count for bucket in self.buckets)

    @property
    def failed(self) -> int:
        return sum(bucket.failed for bucket in self.buckets)


def histogram(query: Query, moment: Moment, *, limit_ms: int = LIMIT_MS) -> Histogram | None:
    """Return the events that match, counted over time; None when nothing matches at all.

    No statement runs longer than `limit_ms`.
    """
    question = ask(query, moment)
    axis = axis_of(question, moment.now)
    if not axis:
        return None
    try:
        with time_limit(limit_ms):
            drawn = _from_counts(query, question, axis) or _from_matches(question, axis)
    except TookTooLong:
        return Histogram(axis[0].start, axis[-1].end, (), is_exact=False, took_too_long=True)
    is_open = question.spans[0].start is None or question.spans[-1].end is None
    # A sample without a match is no proof that there is none.
    return None if is_open and drawn.is_exact and drawn.total == 0 else drawn


def _from_counts(query: Query, question: Question, axis: Axis) -> Histogram | None:
    """Return the histogram from the tables of counts, where they know enough."""
    if not knows(query):
        return None
    if question.spans[0].start is None and question.conditions:
        axis = begin_at(axis, find_first_day(query, question.spans[0]))
    width = width_of(axis)
    unit = unit_for(query, width)
    if unit is None:
        return None
    starts = [edge.start for edge in edges_of(axis, width)]
    counts, failures = Counter[int](), Counter[int]()
    for stretch in axis:
        window = TimeWindow(stretch.start, stretch.end)
        more, more_failed = count_in_buckets(query, window, starts, unit)
        counts += more
        failures += more_failed
    return _histogram(axis, width, counts, failures, is_exact=True)


def _from_matches(question: Question, axis: Axis) -> Histogram:
    found = find_matches(question, count_events_in(question), strata_of(axis))
    at, weight = found.source.c.occurred_at, found.source.c.weight
    if found.is_exact and question.spans[0].start is None:
        axis = begin_at(axis, current_session().scalar(select(func.min(at))))
    width = width_of(axis) if found.is_exact else max(width_of(axis), HOUR)
    place = bucket_of(at, [edge.start for edge in edges_of(axis, width)]).label("place")
    number = func.sum(weight)
    failed = func.coalesce(number.filter(found.source.c.outcome != SUCCESS), 0)
    rows = current_session().execute(select(place, number, failed).group_by("place")).all()
    counts = Counter({row[0]: round(row[1]) for row in rows})
    failures = Counter({row[0]: round(row[2]) for row in rows})
    return _histogram(axis, width, counts, failures, is_exact=found.is_exact)


def _histogram(
    axis: Axis,
    width: dt.timedelta,
    counts: Counter[int],
    failures: Counter[int],
    *,
    is_exact: bool,
) -> Histogram:
    buckets = tuple(
        Bucket(edge.start, edge.end, counts[place], failures[place])
        for place, edge in enumerate(edges_of(axis, width), start=1)
    )
    return Histogram(axis[0].start, axis[-1].end, buckets, is_exact)
