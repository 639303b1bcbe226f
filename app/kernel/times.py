"""Showing times: in the tenant's zone, the zone named, the exact time on every short one."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo


def time_cell(at: datetime, zone: ZoneInfo, *, with_date: bool = True) -> dict[str, Any]:
    """Return a time as the table component shows it: short text, exact title, machine form."""
    local = at.astimezone(zone)
    # In one go: a list has a hundred of them.
    month, year, clock_time, name = f"{local:%b %Y %H:%M:%S %Z}".split(" ", 3)
    short = f"{local.day} {month} {clock_time}" if with_date else clock_time
    title = f"{local.day} {month} {year} {clock_time} {name}"
    return {"text": short, "datetime": iso(at), "title": title}


def time_cell_or(words: str, at: datetime | None, zone: ZoneInfo) -> dict[str, Any] | str:
    """Return a time as the table component shows it, or the words where there is none yet."""
    return words if at is None else time_cell(at, zone)


def exact(at: datetime, zone: ZoneInfo) -> str:
    """Return a time in full, with its zone: `22 Nov 2026 14:31:07 UTC`."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M:%S %Z}"


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return a stretch of time, to the minute: `15 Nov 18:31 → 22 Nov 18:31 CET`.

    The year stands only where the two ends have different ones.
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    year = "" if first.year == last.year else " %Y"
    return f"{first.day} {first:%b{year} %H:%M} → {last.day} {last:%b{year} %H:%M %Z}"


def iso(at: datetime) -> str:
    """Return a time as RFC 3339 in UTC, to the precision that is stored."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def date(at: datetime, zone: ZoneInfo) -> str:
    """Return the day of a time: `22 Nov 2026`."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y}"
