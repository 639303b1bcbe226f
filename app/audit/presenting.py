"""Events over time as the components show them."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from app.audit.histogram import Bucket, Histogram
from app.kernel.collections.declaration import Count, Exactness
from app.kernel.query_language.times import between
from app.kernel.times import exact, span

_AGENT_SHOWN = 80
# Over a longer stretch the axis names days instead of hours.
_HOURS_SHOWN = dt.timedelta(days=2)


def histogram_view(
    histogram: Histogram, zone: ZoneInfo, href_of: Callable[[Bucket], str]
) -> dict[str, Any]:
    """Return a histogram as its component draws it, each bar a link to its own window."""
    windows = [between("created", bucket.start, bucket.end) for bucket in histogram.buckets]
    return {
        "summary": _summary(histogram),
        "label": "Events over time" if histogram.is_exact else "Events over time, estimated",
        "range_label": span(histogram.start, histogram.end, zone),
        "buckets": [
            {
                "start_label": exact(bucket.start, zone),
                "end_label": exact(bucket.end, zone),
                "count": bucket.count,
                "failed": bucket.failed,
                "href": href_of(bucket),
                "start": window.values[0],
                "end": window.values[1],
                "tick": tick,
            }
            for bucket, window, tick in zip(
                histogram.buckets, windows, _ticks(histogram.buckets, zone), strict=True
            )
        ],
    }


def _summary(histogram: Histogram) -> str:
    """Say in a few words what the bars add up to, and whether that is an estimate."""
    if histogram.took_too_long:
        return "Counting took too long. Narrow the time."
    exactness = Exactness.EXACT if histogram.is_exact else Exactness.ABOUT
    total, failed = (Count(n, exactness) for n in (histogram.total, histogram.failed))
    events = "event" if total == Count(1) else "events"
    return f"{total.words} {events}" + (f", {failed.words} failed" if failed.value else "")


def _ticks(buckets: Sequence[Bucket], zone: ZoneInfo) -> list[str | None]:
    """Return the word below each bar: the day, or within two days the hour, where one begins."""
    starts = [bucket.start.astimezone(zone) for bucket in buckets]
    by_day = starts[-1] - starts[0] > _HOURS_SHOWN if starts else False
    words = [f"{at:%-d %b}" if by_day else f"{at:%H}:00" for at in starts]
    return [
        word if index and word != words[index - 1] else None for index, word in enumerate(words)
    ]
