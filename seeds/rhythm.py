"""When things happen: days and hours in a tenant's zone, busy and quiet ones."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from zoneinfo import ZoneInfo

from seeds.chance import Chance

DAYS = 42
SATURDAY, SUNDAY = 5, 6
_HOUR = dt.timedelta(hours=1)

# The last day is told as a lively working day whatever it is: visitors look at it first.
_LAST_DAY = dt.timedelta(days=1)
_LAST_DAY_FACTOR = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """How much happens in each hour of a day, and how much of that is left at the weekend."""

    hours: tuple[int, ...]
    weekend: float


# Hour by hour from midnight; only the proportions count.
OFFICE = Shape(
    (0, 0, 0, 0, 0, 0, 0, 3, 10, 16, 15, 13, 6, 12, 14, 12, 9, 4, 1, 0, 0, 0, 0, 0), weekend=0.04
)
CLINIC = Shape(
    (1, 0, 0, 0, 1, 2, 6, 20, 34, 36, 32, 26, 14, 28, 30, 26, 20, 12, 8, 6, 4, 2, 1, 1),
    weekend=0.25,
)
# Patients book from home, too.
BOOKINGS = Shape(
    (1, 0, 0, 0, 0, 1, 4, 12, 28, 26, 20, 18, 22, 16, 14, 14, 16, 18, 18, 22, 24, 16, 8, 2),
    weekend=0.45,
)
AROUND_THE_CLOCK = Shape(
    (5, 5, 4, 4, 4, 5, 8, 9, 10, 10, 10, 10, 9, 10, 10, 10, 10, 11, 11, 10, 9, 8, 6, 6),
    weekend=0.8,
)


class Calendar:
    """The six weeks up to `now`, as a tenant lives them."""

    def __init__(self, now: dt.datetime, time_zone: str) -> None:
        self.now = now
        self.zone = ZoneInfo(time_zone)
        self.today = now.astimezone(self.zone).date()
        self.first_day = self._next_workday(self.today - dt.timedelta(days=DAYS))

    @property
    def start(self) -> dt.datetime:
        """When the tenant's product began to send: hours after its first key was made."""
        return self._local(self.first_day, "14:00")

    def at(self, days_ago: int, clock: str) -> dt.datetime:
        """Return a time of day, written `03:12:08`, so many days ago."""
        return self._local(self.today - dt.timedelta(days=days_ago), clock)

    def on_day(self, number: int, clock: str) -> dt.datetime:
        """Return a time on the tenant's n-th day, or on the working day that follows it."""
        return self._local(self._next_workday(self.first_day + dt.timedelta(number)), clock)

    def workday_ago(self, at_least: int, clock: str) -> dt.datetime:
        """Return a time on the last working day that is so many days ago, or more."""
        day = self.today - dt.timedelta(days=at_least)
        while day.weekday() >= SATURDAY:
            day -= dt.timedelta(days=1)
        return self._local(day, clock)

    def sunday_ago(self, at_least: int, clock: str) -> dt.datetime:
        """Return a time on the last Sunday that is so many days ago, or more."""
        day = self.today - dt.timedelta(days=at_least)
        return self._local(day - dt.timedelta(days=(day.weekday() - SUNDAY) % 7), clock)

    def days_since(self, moment: dt.datetime) -> int:
        """Return how many days ago it was, as the calendar on the wall counts."""
        return (self.today - moment.astimezone(self.zone).date()).days

    def daily(
        self, clock: str, weekdays: tuple[int, ...] = tuple(range(7))
    ) -> Iterator[dt.datetime]:
        """Yield a time on each of these weekdays (Monday is 0), as a scheduler keeps it."""
        for number in range((self.today - self.first_day).days + 1):
            day = self.first_day + dt.timedelta(days=number)
            moment = self._local(day, clock)
            if day.weekday() in weekdays and self.start < moment < self.now:
                yield moment

    def spread(
        self, chance: Chance, count: int, shape: Shape, since: dt.datetime | None = None
    ) -> list[dt.datetime]:
        """Return so many times since a moment, distributed as the shape says, in order."""
        first = max(since or self.start, self.start)
        hours = int((self.now - first) / _HOUR)
        slots = [self.now - (number + 1) * _HOUR for number in range(hours)]
        sums = list(accumulate(self._weight(slot, shape) for slot in slots))
        if not sums or not sums[-1]:
            return []
        picked = (slots[bisect_right(sums, chance.random() * sums[-1])] for _ in range(count))
        return sorted(slot + chance.pause(0, _HOUR.total_seconds() - 1) for slot in picked)

    def _weight(self, slot: dt.datetime, shape: Shape) -> float:
        local = slot.astimezone(self.zone)
        weight = shape.hours[local.hour]
        if self.now - slot <= _LAST_DAY:
            return weight * _LAST_DAY_FACTOR
        return weight * shape.weekend if local.weekday() >= SATURDAY else weight

    def _local(self, day: dt.date, clock: str) -> dt.datetime:
        local = dt.datetime.combine(day, dt.time.fromisoformat(clock), self.zone)
        return local.astimezone(dt.UTC)

    @staticmethod
    def _next_workday(day: dt.date) -> dt.date:
        while day.weekday() >= SATURDAY:
            day += dt.timedelta(days=1)
        return day
