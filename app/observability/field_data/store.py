"""Keeping measurements, for a while and up to a number."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, insert

from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.rate_limit import spend
from app.observability.field_data.models import FieldMeasurement
from app.observability.field_data.report import Measurement

# Queries look back over four weeks; a week more lets two weeks be compared.
KEPT_DAYS = 35
# Anybody may send, so there is an end to what all of them together can store: some 200 MB.
MOST_A_DAY = 50_000
_DAY_S = 24 * 60 * 60


def keep_measurements(measurements: Sequence[Measurement]) -> None:
    """Store what a browser measured, under today's date in UTC.

    Raises `TooManyRequests` when all browsers together have sent `MOST_A_DAY` values today.
    """
    spend("field-data", allowed=MOST_A_DAY, window_s=_DAY_S, cost=len(measurements))
    today = clock.now().date()
    rows = [
        {
            "measured_on": today,
            "route": one.route,
            "metric": one.metric.value,
            "value": one.value,
            "device": one.device.value,
            "navigation": one.navigation.value,
            "component": one.component,
        }
        for one in measurements
    ]
    with unit_of_work() as session:
        session.execute(insert(FieldMeasurement), rows)


def prune_measurements() -> None:
    """Delete what is older than `KEPT_DAYS` days; needs an open session, in any scope."""
    oldest = clock.now().date() - dt.timedelta(days=KEPT_DAYS)
    with unit_of_work() as session:
        session.execute(delete(FieldMeasurement).where(FieldMeasurement.measured_on < oldest))
