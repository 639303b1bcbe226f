"""The one source of the present moment."""

import datetime as dt
from zoneinfo import ZoneInfo

UTC_ZONE = ZoneInfo("UTC")


def now() -> dt.datetime:
    """Return the present moment in UTC; every stored time comes from here."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251  this is the clock that everybody else uses
