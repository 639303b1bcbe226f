"""Reading the time values that people type: dates, date-times, and times relative to now."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kernel.query_language.terms import InvalidValueError

TIME_EXAMPLES = "2026-11-01, 2026-11-01T09:30, today, yesterday, now, 30m, 24h, 7d or 2w"

_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_LONGEST_AGO = timedelta(days=36_500)
_AGO = re.compile(r"([0-9]{1,6})([mhdw])\Z")
_ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?P<clock>T[0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2}(?:\.(?P<fraction>[0-9]{1,6}))?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?\Z"
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_RELATIVE_DAYS = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day in the reader's zone."""

    date: date


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """A calendar day in the reader's zone, counted back from today."""

    days_ago: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A date and time, naive if no zone was written, as exact as one `unit`."""

    at: datetime
    unit: timedelta


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment before now; `now` itself is zero ago."""

    span: timedelta


TimeValue = Day | RelativeDay | Clock | Ago


def normal_time(text: str) -> str:
    """One spelling for each time value: `7d`, `today`, `2026-11-01T09:30Z`."""
    lowered = text.lower()
    ago = _AGO.match(lowered)
    if ago:
        return f"{int(ago[1])}{ago[2]}"
    if lowered in _RELATIVE_DAYS or lowered == "now":
        return lowered
    return text.upper().replace(" ", "T", 1)


def read_time(text: str) -> TimeValue:
    """Read one time value in its normal spelling; raises InvalidValueError."""
    if text in _RELATIVE_DAYS:
        return RelativeDay(_RELATIVE_DAYS[text])
    if text == "now":
        return Ago(timedelta(0))
    ago = _AGO.match(text)
    if ago:
        return _read_ago(int(ago[1]), _UNITS[ago[2]])
    iso = _ISO.match(text)
    if iso:
        return _read_iso(iso)
    raise InvalidValueError(f"This is not a time. Write {TIME_EXAMPLES}.")


def check_range(low: str, high: str) -> None:
    """Refuse a range that ends before it begins, where that is sure without knowing the zone."""
    ends = read_time(low), read_time(high)
    match ends:
        case Day(date=first), Day(date=last):
            reversed_range = last < first
        case RelativeDay(days_ago=first_day), RelativeDay(days_ago=last_day):
            reversed_range = last_day > first_day
        case Ago(span=first_span), Ago(span=last_span):
            reversed_range = last_span >= first_span
        case Clock(at=begin), Clock(at=end) if (begin.tzinfo is None) == (end.tzinfo is None):
            reversed_range = end <= begin
        case _:
            reversed_range = False
    if reversed_range:
        raise InvalidValueError("This range ends before it begins. Write the earlier time first.")


def _read_ago(amount: int, unit: str) -> Ago:
    span = timedelta(**{unit: amount})
    if not timedelta(0) < span <= _LONGEST_AGO:
        raise InvalidValueError(f"Write a number of {unit} from 1 up to 100 years at most.")
    return Ago(span)


def _read_iso(iso: re.Match[str]) -> Day | Clock:
    try:
        at = datetime.fromisoformat(iso[0])
    except ValueError:
        raise InvalidValueError("There is no such date or time of day.") from None
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise InvalidValueError(f"Write a year from {_FIRST_YEAR} to {_LAST_YEAR}.")
    if iso["clock"] is None:
        return Day(at.date())
    return Clock(at, _unit(iso))


def _unit(iso: re.Match[str]) -> timedelta:
    if iso["fraction"]:
        return timedelta(microseconds=10 ** (6 - len(iso["fraction"])))
    return timedelta(seconds=1) if iso["seconds"] else timedelta(minutes=1)
