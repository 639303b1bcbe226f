"""Times as other systems write them, as RFC 3339 in UTC."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from app.audit.importers.refusal import RecordRefused

UNREADABLE = "the time cannot be read"

UTC_ZONE = ZoneInfo("UTC")
_NUMBER = re.compile(r"-?\d{1,19}(\.\d{1,9})?")
# Whole numbers of seconds, milli-, micro- and nanoseconds differ by their length until 2286.
_UNITS = ((11, 1), (14, 1_000), (17, 1_000_000), (20, 1_000_000_000))
_ISO = re.compile(
    r"(?P<day>\d{4}-?\d\d-?\d\d)(?:[T ]+(?P<time>\d\d:?\d\d(?::?\d\d)?)(?P<part>[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?",
    re.IGNORECASE,
)
_ODD = re.compile(
    r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})[/.](?P<year>\d{4})"
    r"(?:,?[T ]+(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?P<part>\.\d+)?\s*(?P<half>[AP]M)?)?",
    re.IGNORECASE,
)
_PATTERNS = (
    "%d/%b/%Y:%H:%M:%S %z",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y, %I:%M:%S %p",
    "%b %d %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
)
_LONGEST = 64


def moment_of(value: object, zone: ZoneInfo = UTC_ZONE, *, day_first: bool = True) -> str:
    """Return the time that a value spells, in the form of the contract; raises `RecordRefused`.

    ISO 8601 with any separator, seconds or their fractions since 1970, RFC 2822, and the forms
    of web servers and spreadsheets. A time that names no zone is in `zone`. `day_first` tells
    what 03/04/2026 is: the third of April, or else the fourth of March.
    """
    found = find_moment(value, zone, day_first=day_first)
    if found is None:
        raise RecordRefused(UNREADABLE)
    return found


def find_moment(value: object, zone: ZoneInfo = UTC_ZONE, *, day_first: bool = True) -> str | None:
    """Return the time that a value spells, in the form of the contract, or None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    spelled = str(value).strip().strip("[]")
    if not spelled or len(spelled) > _LONGEST:
        return None
    try:
        moment = (
            _since_1970(spelled)
            or _iso(spelled, zone)
            or _odd(spelled, zone, day_first=day_first)
            or _by_pattern(spelled, zone)
        )
        return None if moment is None else moment.astimezone(dt.UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def _since_1970(spelled: str) -> dt.datetime | None:
    if not _NUMBER.fullmatch(spelled):
        return None
    whole = spelled.lstrip("-").partition(".")[0]
    if len(whole) == len("20260314") and spelled.startswith(("19", "20")):
        # Eight digits are a day, not a second of 1970.
        return None
    unit = next(unit for digits, unit in _UNITS if len(whole) < digits)
    # In whole microseconds: a float of nanoseconds would lose the last of them.
    fraction = spelled.partition(".")[2]
    micros = int(f"{whole}{fraction[:6]:0<6}") // unit
    return dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=micros)


def _iso(spelled: str, zone: ZoneInfo) -> dt.datetime | None:
    parts = _ISO.fullmatch(spelled)
    if parts is None:
        return None
    offset = (parts["zone"] or "").upper()
    offset = "+00:00" if offset in ("Z", "UTC", "GMT") else offset
    part = (parts["part"] or "").replace(",", ".")[:7]
    moment = dt.datetime.fromisoformat(f"{parts['day']}T{parts['time'] or '00:00'}{part}{offset}")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _odd(spelled: str, zone: ZoneInfo, *, day_first: bool) -> dt.datetime | None:
    parts = _ODD.fullmatch(spelled)
    if parts is None:
        return None
    first, second = int(parts["first"]), int(parts["second"])
    # The points of central Europe always have the day first; 25/12 and 12/25 leave no choice.
    months_in = 12
    is_day_first = first > months_in or "." in spelled[:3] or (day_first and second <= months_in)
    day, month = (first, second) if is_day_first else (second, first)
    hour, minute, second_of = _clock(parts["time"] or "0:00", (parts["half"] or "").upper())
    micros = int(f"{(parts['part'] or '.0')[1:7]:0<6}")
    return dt.datetime(int(parts["year"]), month, day, hour, minute, second_of, micros, tzinfo=zone)


def _clock(spelled: str, half: str) -> tuple[int, int, int]:
    numbers = [int(number) for number in spelled.split(":")]
    hour, minute, second = (*numbers, 0)[:3]
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    return hour, minute, second


def _by_pattern(spelled: str, zone: ZoneInfo) -> dt.datetime | None:
    for pattern in _PATTERNS:
        try:
            moment = dt.datetime.strptime(spelled, pattern)  # noqa: DTZ007  the zone follows
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        moment = parsedate_to_datetime(spelled)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
