"""From a time term to an absolute window, given what time it is and in which zone days begin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.kernel.query_language.terms import Operator, Term
from app.kernel.query_language.time_values import Ago, Clock, Day, RelativeDay, read_time


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """From `start` up to and without `end`, both aware and in UTC; None is open."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return self.start is not None and self.end is not None and self.end <= self.start


def window(term: Term, now: datetime, zone: tzinfo) -> TimeWindow:
    """Turn a time term into the half-open window it asks for; its negation is the caller's.

    A value is as wide as it is exact: a date is a day of `zone`, `09:30` a minute. So `<=` ends
    with that day or minute, and `>` begins after it. `24h` alone is the last 24 hours; compared
    or in a range it is the moment 24 hours ago. A range includes its last day if it ends with a
    date, and stops at the moment itself if it ends with a time, so that `09:00..10:00` and
    `10:00..11:00` meet without overlap. A wall-clock time that occurs twice as clocks go back is
    the first of the two; an offset names the other.
    """
    first, last = term.values[0], term.values[-1]
    start, end = _edges(first, now, zone)
    match term.operator:
        case Operator.EQUALS:
            return TimeWindow(start, now.astimezone(UTC) if _is_ago(first) else end)
        case Operator.AT_LEAST:
            return TimeWindow(start, None)
        case Operator.MORE_THAN:
            return TimeWindow(end, None)
        case Operator.AT_MOST:
            return TimeWindow(None, end)
        case Operator.LESS_THAN:
            return TimeWindow(None, start)
        case Operator.BETWEEN:
            until, day_end = _edges(last, now, zone)
            return TimeWindow(start, day_end if _is_day(last) else until)
        case Operator.CONTAINS:
            raise ValueError("free text has no window")


def between(key: str, start: datetime, end: datetime) -> Term:
    """Make the term whose window is exactly from `start` up to and without `end`, both aware."""
    return Term(key, Operator.BETWEEN, (_exact(start), _exact(end)))


def bounding_window(terms: Iterable[Term], now: datetime, zone: tzinfo) -> TimeWindow:
    """Give the smallest window that holds whatever the terms of one time field can match.

    Alternatives widen it, comparisons narrow it, negated terms leave it alone: what a histogram
    draws as its axis.
    """
    asked = [term for term in terms if not term.negated]
    alternatives = [window(term, now, zone) for term in asked if term.operator.is_alternative]
    comparisons = [window(term, now, zone) for term in asked if not term.operator.is_alternative]
    hull = TimeWindow(
        min((each.start for each in alternatives if each.start), default=None),
        max((each.end for each in alternatives if each.end), default=None),
    )
    windows = [hull, *comparisons]
    return TimeWindow(
        max((each.start for each in windows if each.start), default=None),
        min((each.end for each in windows if each.end), default=None),
    )


def _exact(moment: datetime) -> str:
    moment = moment.astimezone(UTC).replace(tzinfo=None)
    is_whole_minute = not (moment.second or moment.microsecond)
    return moment.isoformat(timespec="minutes" if is_whole_minute else "auto") + "Z"


def _edges(value: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """First moment of a value, and the first moment after it; both the same for a moment."""
    match read_time(value):
        case Day(date=day):
            return _day_edges(day, zone)
        case RelativeDay(days_ago=days):
            return _day_edges(now.astimezone(zone).date() - timedelta(days=days), zone)
        case Clock(at=at, unit=unit):
            start = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
            return start, start + unit
        case Ago(span=span):
            moment = now.astimezone(UTC) - span
            return moment, moment


def _day_edges(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Days are not always 24 hours: each edge is its own midnight."""
    start, end = (
        datetime.combine(each, time(), tzinfo=zone).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    return start, end


def _is_ago(value: str) -> bool:
    return isinstance(read_time(value), Ago)


def _is_day(value: str) -> bool:
    return isinstance(read_time(value), Day | RelativeDay)
