"""Events over time: equal buckets over the window that the query asks for."""

import datetime as dt
import math
from dataclasses import dataclass

from sqlalchemy import DateTime, cast, func, select

from app.audit.collection import AUDIT_LOG
from app.audit.models import AuditEvent
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import matching
from app.kernel.database import current_session
from app.kernel.query_language.query import Query
from app.kernel.query_language.times import bounding_window

# Round bucket widths, so that bars begin at times that people recognise.
_WIDTHS_S = (60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400, 30 * 86400)
MAX_BUCKETS = 60
_SOME = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar: events from `start` up to, not including, `end`; both within the window."""

    start: dt.datetime
    end: dt.datetime
    count: int
    failed: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """All bars of a window, empty ones included. `failed` counts failure and denied."""

    start: dt.datetime
    end: dt.datetime
    buckets: tuple[Bucket, ...]

    @property
    def total(self) -> int:
        return sum(bucket.count for bucket in self.buckets)

    @property
    def failed(self) -> int:
        return sum(bucket.failed for bucket in self.buckets)


def histogram(query: Query, moment: Moment) -> Histogram | None:
    """Return the events that match, counted over time; None when nothing matches at all."""
    axis = _axis(query, moment)
    if axis is None:
        return None
    start, end = axis
    width = _width((end - start).total_seconds())
    counts = _counts(query, moment, width)
    buckets = []
    at = _floor(start, width)
    while at < end:
        count, failed = counts.get(at, (0, 0))
        buckets.append(Bucket(max(at, start), min(at + width, end), count, failed))
        at += width
    return Histogram(start, end, tuple(buckets))


def _axis(query: Query, moment: Moment) -> tuple[dt.datetime, dt.datetime] | None:
    """Return the window to draw: what the query asks for, cut where nothing has happened yet."""
    span = bounding_window(query.terms_of("created"), moment.now, moment.zone)
    start, end = span.start, span.end
    if start is not None and end is not None and end <= moment.now:
        return start, end
    first, last = _extremes(query, moment)
    if first is None or last is None:
        return None if start is None or end is None else (start, max(moment.now, start + _SOME))
    # Clocks differ, so that some events lie a little ahead of ours; the list shows them too.
    latest = last + dt.timedelta(seconds=1)
    return start or first, min(end or latest, max(moment.now, latest))


def _extremes(query: Query, moment: Moment) -> tuple[dt.datetime | None, dt.datetime | None]:
    statement = matching(AUDIT_LOG, query, moment).with_only_columns(
        func.min(AuditEvent.occurred_at), func.max(AuditEvent.occurred_at)
    )
    first, last = current_session().execute(statement).one()
    return first, last


def _counts(
    query: Query, moment: Moment, width: dt.timedelta
) -> dict[dt.datetime, tuple[int, int]]:
    seconds = int(width.total_seconds())
    epoch = func.floor(func.extract("epoch", AuditEvent.occurred_at) / seconds) * seconds
    bucket = cast(func.to_timestamp(epoch), DateTime(timezone=True)).label("bucket")
    counted = (
        matching(AUDIT_LOG, query, moment)
        .with_only_columns(
            bucket,
            func.count().label("n"),
            func.count().filter(AuditEvent.outcome != "success").label("failed"),
        )
        .group_by("bucket")
    )
    rows = current_session().execute(select(counted.subquery()))
    return {at.astimezone(dt.UTC): (count, failed) for at, count, failed in rows}


def _width(seconds: float) -> dt.timedelta:
    for width in _WIDTHS_S:
        if seconds / width <= MAX_BUCKETS:
            return dt.timedelta(seconds=width)
    return dt.timedelta(seconds=math.ceil(seconds / MAX_BUCKETS))


def _floor(at: dt.datetime, width: dt.timedelta) -> dt.datetime:
    seconds = width.total_seconds()
    return dt.datetime.fromtimestamp(at.timestamp() // seconds * seconds, dt.UTC)
