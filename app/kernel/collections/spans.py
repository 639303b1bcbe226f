"""When a query's rows lie: the stretches of time that all its time terms leave, exactly."""

import datetime as dt

from app.kernel.collections.declaration import Moment
from app.kernel.query_language.query import Query
from app.kernel.query_language.times import TimeWindow, window

_EVER = TimeWindow()
_FIRST = dt.datetime.min.replace(tzinfo=dt.UTC)
_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)


def spans_of(query: Query, key: str, moment: Moment) -> tuple[TimeWindow, ...]:
    """Return the half-open windows in which rows may lie, apart from each other, oldest first.

    Unlike the hull of a query they leave out what lies between two ranges, and what a negated
    range takes away. None at all when the terms contradict each other.
    """
    spans: tuple[TimeWindow, ...] = (_EVER,)
    for condition in query.conditions():
        if condition.key != key:
            continue
        asked = _joined([window(term, moment.now, moment.zone) for term in condition.terms])
        spans = _common(spans, _gaps(asked) if condition.negated else asked)
    return spans


def _joined(windows: list[TimeWindow]) -> tuple[TimeWindow, ...]:
    """Return the same stretches without overlap, in order."""
    joined: list[TimeWindow] = []
    for one in sorted((w for w in windows if not w.is_empty), key=_start):
        if joined and _end(joined[-1]) >= _start(one):
            until = max(_end(joined[-1]), _end(one))
            joined[-1] = _window(_start(joined[-1]), until)
        else:
            joined.append(one)
    return tuple(joined)


def _gaps(spans: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    """Return all time that is in none of the spans."""
    edges = [_FIRST, *(edge for span in spans for edge in (_start(span), _end(span))), _LAST]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(_window(start, end) for start, end in pairs if start < end)


def _common(some: tuple[TimeWindow, ...], others: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    """Return the time that is in a span of each."""
    pairs = [
        (max(_start(one), _start(other)), min(_end(one), _end(other)))
        for one in some
        for other in others
    ]
    return tuple(_window(start, end) for start, end in sorted(pairs) if start < end)


def _start(span: TimeWindow) -> dt.datetime:
    return _FIRST if span.start is None else span.start


def _end(span: TimeWindow) -> dt.datetime:
    return _LAST if span.end is None else span.end


def _window(start: dt.datetime, end: dt.datetime) -> TimeWindow:
    return TimeWindow(None if start == _FIRST else start, None if end == _LAST else end)
