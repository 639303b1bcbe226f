"""What browsers measure, and what counts as good.

The limits are those of Core Web Vitals, to be kept by three of four page views (web.dev/articles/
vitals). `SWAP` is ours: the time from a press to the part that htmx put in its place; its upper
limit is the second after which people lose their train of thought (Nielsen, 1993).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Metric(StrEnum):
    """A measurement; in milliseconds, except `CLS`, which is a score without a unit."""

    LCP = "LCP"
    INP = "INP"
    CLS = "CLS"
    FCP = "FCP"
    TTFB = "TTFB"
    SWAP = "SWAP"


class Rating(StrEnum):
    """How a value compares with the limits of its metric."""

    GOOD = "good"
    NEEDS_IMPROVEMENT = "needs-improvement"
    POOR = "poor"


class Device(StrEnum):
    """The class of a device, by the width of its window."""

    PHONE = "phone"
    DESKTOP = "desktop"


class Navigation(StrEnum):
    """How the page came to be there, in the words of the web-vitals library, and `swap`."""

    NAVIGATE = "navigate"
    RELOAD = "reload"
    BACK_FORWARD = "back-forward"
    BACK_FORWARD_CACHE = "back-forward-cache"
    PRERENDER = "prerender"
    RESTORE = "restore"
    SWAP = "swap"


@dataclass(frozen=True, slots=True)
class Limits:
    """Up to `good` is good, above `poor` is poor; in the metric's own unit."""

    good: float
    poor: float


LIMITS: Final[Mapping[Metric, Limits]] = MappingProxyType(
    {
        Metric.LCP: Limits(2500, 4000),
        Metric.INP: Limits(200, 500),
        Metric.CLS: Limits(0.1, 0.25),
        Metric.FCP: Limits(1800, 3000),
        Metric.TTFB: Limits(800, 1800),
        Metric.SWAP: Limits(500, 1000),
    }
)


def rate(metric: Metric, value: float) -> Rating:
    """Return how good a value of the metric is, in the metric's own unit."""
    limits = LIMITS[metric]
    if value <= limits.good:
        return Rating.GOOD
    return Rating.NEEDS_IMPROVEMENT if value <= limits.poor else Rating.POOR
