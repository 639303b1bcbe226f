"""The axis of time that a query draws: stretches with known ends, cut into equal buckets."""

import datetime as dt
import math
from typing import NamedTuple

from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.audit.rollups.reading import HOUR, floor
from app.audit.search.matches import Question, Strata
from app.kernel.database import current_session
from app.kernel.query_language.times import TimeWindow
from app.kernel.tenant_wall import tenant_in_scope

# Round bucket widths, so that bars begin at times that people recognise.
_WIDTHS_S = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 30 * 86400)
MAX_BUCKETS = 60
_SOME = dt.timedelta(minutes=1)
_SECOND = dt.timedelta(seconds=1)


class Stretch(NamedTuple):
    """A part of the axis without gaps."""

    start: dt.datetime
    end: dt.datetime


Axis = list[Stretch]


def axis_of(question: Question, now: dt.datetime) -> Axis:
    """Return the time that a question is about; empty when nothing has happened in it."""
    return [stretch for span in question.spans if (stretch := _stretch(span, now))]


def begin_at(axis: Axis, first: dt.datetime | None) -> Axis:
    """Return the axis without what lies before a moment; as it is when that leaves nothing."""
    if first is None:
        return axis
    return [Stretch(max(one.start, first), one.end) for one in axis if one.end > first] or axis


def width_of(axis: Axis) -> dt.timedelta:
    """Return how wide buckets have to be, so that there are about sixty at most."""
    seconds = sum((stretch.end - stretch.start).total_seconds() for stretch in axis)
    for width in _WIDTHS_S:
        if seconds / width <= MAX_BUCKETS:
            return dt.timedelta(seconds=width)
    # Whole days, so that daily counts add up to each bar.
    return dt.timedelta(days=math.ceil(seconds / MAX_BUCKETS / 86400))


def edges_of(axis: Axis, width: dt.timedelta) -> list[Stretch]:
    """Return the buckets: they begin at multiples of their width, and none lies in a gap."""
    found = []
    for stretch in axis:
        at = floor(stretch.start, width)
        while at < stretch.end:
            found.append(Stretch(max(at, stretch.start), min(at + width, stretch.end)))
            at += width
    return found


def strata_of(axis: Axis) -> Strata:
    """Return about sixty strata of the axis for a sample, which begin at whole hours."""
    width = max(width_of(axis), HOUR)
    starts = dict.fromkeys(floor(edge.start, HOUR) for edge in edges_of(axis, width))
    return Strata(list(starts), width)


def _stretch(span: TimeWindow, now: dt.datetime) -> Stretch | None:
    """Return the time to draw of a span: cut where nothing has happened, or not yet."""
    start, end = span.start, span.end
    if start is not None and end is not None and end <= now:
        return Stretch(start, end)
    first, last = _extremes(span)
    if first is None or last is None:
        if start is None or end is None:
            return None
        return Stretch(start, max(now, start + _SOME))
    # Clocks differ, so that some events lie a little ahead of ours; the list shows them too.
    latest = last + _SECOND
    return Stretch(start or first, min(end or latest, max(now, latest)))


def _extremes(span: TimeWindow) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when the first and the last event of a span happened, whatever is asked of them."""
    at = AuditEvent.occurred_at
    statement = select(func.min(at), func.max(at)).where(AuditEvent.tenant_id == tenant_in_scope())
    if span.start is not None:
        statement = statement.where(at >= span.start)
    if span.end is not None:
        statement = statement.where(at < span.end)
    first, last = current_session().execute(statement).one()
    return first, last
