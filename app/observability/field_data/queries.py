"""How fast the pages are for the people who use them."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.database import current_session
from app.observability.field_data.metrics import Device, Metric, Rating, rate
from app.observability.field_data.models import FieldMeasurement

# Where three of four page views are at least as fast; what Core Web Vitals judges by.
_JUDGED_AT = 0.75


@dataclass(frozen=True, slots=True)
class PageSpeed:
    """One metric of one page on one class of device.

    `p75` is in milliseconds, for CLS a score; `count` says how many measurements it rests on.
    """

    route: str
    metric: Metric
    device: Device
    p75: float
    count: int
    rating: Rating


def list_page_speeds(days: int = 28) -> list[PageSpeed]:
    """Return the 75th percentiles of the last `days` days, today among them.

    By route template, metric (in the order of `Metric`: LCP, INP, CLS first) and device; where
    nobody measured there is no row. Browsers report when a page is left or put away, each value
    once a page view. Of everybody on this installation: the rows know neither tenant nor person,
    so the caller demands a permission that fits. Values below some dozens of measurements are
    anecdotes; show `count` beside them. Needs an open session; the scope does not matter.
    """
    since = clock.now().date() - dt.timedelta(days=days - 1)
    stored = FieldMeasurement
    at_75 = func.percentile_cont(_JUDGED_AT).within_group(stored.value)
    statement = (
        select(stored.route, stored.metric, stored.device, at_75, func.count())
        .where(stored.measured_on >= since)
        .group_by(stored.route, stored.metric, stored.device)
    )
    speeds = [
        PageSpeed(route, Metric(metric), Device(device), p75, count, rate(Metric(metric), p75))
        for route, metric, device, p75, count in current_session().execute(statement)
    ]
    order = list(Metric)
    return sorted(speeds, key=lambda speed: (speed.route, order.index(speed.metric), speed.device))
