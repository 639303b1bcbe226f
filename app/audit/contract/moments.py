"""Reading the time of an event."""

import datetime as dt

from app.kernel import clock

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
AHEAD_HOURS = 24


def read_moment(text: str) -> dt.datetime:
    """Return an RFC 3339 time in UTC; raises `ValueError` with a sentence for the sender.

    Digits beyond the microsecond are cut. Clocks differ, so a time may lie a day ahead; more
    than that is a mistake, and an event of the far future would stay on top of every list.
    """
    try:
        moment = dt.datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError("There is no such date or time.") from None
    # The year first: at the ends of the calendar a zone cannot be converted at all.
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"The year must be from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    moment = moment.astimezone(dt.UTC)
    if moment.year < EARLIEST_YEAR:
        raise ValueError(f"The year must be from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    if moment > clock.now() + dt.timedelta(hours=AHEAD_HOURS):
        raise ValueError(
            f"This lies more than {AHEAD_HOURS} hours in the future; check the sender's clock."
        )
    return moment
