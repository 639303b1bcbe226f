"""Finding a page of events in bounded steps, whatever is asked and however large the log is.

The log is read from the place where the page begins. Most filters match something soon, so the
first thousand events are simply walked through. What is rare is then looked up in the inverted
index; what is neither, in the index too, a run of days at a time, as many as should hold a page.
No step looks at more than some thousand rows, nothing depends on what the planner believes about
words, and when the steps are used up the page says how far it looked.
"""

import dataclasses
from uuid import UUID

from app.audit.search.days import Day, days_of, edge_of, lexemes_of, window_of
from app.audit.search.lexemes import mark_of
from app.audit.search.lines import EventLine
from app.audit.search.narrowing import TIME, Narrowing, narrow
from app.audit.search.steps import (
    MOST_HITS,
    Conditions,
    Hits,
    Place,
    Stretch,
    place_after,
    read_lines,
    seek,
    walk,
)
from app.kernel.collections.declaration import Found, Wanted
from app.kernel.collections.spans import spans_of
from app.kernel.query_language.times import TimeWindow
from app.kernel.tenant_wall import tenant_in_scope

FIRST_STEPS = 1_000
# Walking on is the quickest way when it is expected to end this soon.
SOON = 2_500
# As far as one page walks in all, where the index cannot help.
MOST_STEPS = 20_000
MOST_SEEKS = 12
# The stretch that a window of days should hold a page in, when nothing is known yet.
FIRST_REACH = 50_000
GROWTH = 8


def find_lines(wanted: Wanted, conditions: Conditions) -> Found[EventLine]:
    """Return the first lines that match, from a place on, in either direction.

    `conditions` is the SQL of all that the query asks for but its time.
    """
    tenant_id = tenant_in_scope()
    search = Search(tenant_id, wanted, conditions, narrow(wanted.query, mark_of(tenant_id)))
    spans = spans_of(wanted.query, TIME, wanted.moment)
    for span in spans if wanted.rising else reversed(spans):
        search.look_in(span)
        if search.is_over:
            break
    total = search.total if len(spans) == 1 and wanted.place is None else None
    return Found(search.lines, search.stopped_at, total)


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """The first events of a stretch, which were walked through and hold no further match."""

    stretch: Stretch
    steps: int

    def rest(self) -> Stretch | None:
        """Return what lies behind them; None when there was no more."""
        place = place_after(self.stretch, self.steps)
        return None if place is None else dataclasses.replace(self.stretch, place=place)

    def further(self, place: Place | None) -> Place | None:
        """Return the last of them, or the place given where that is further on."""
        rest = self.rest()
        if rest is None or rest.place is None or place is None:
            return place if rest is None or rest.place is None else rest.place
        choose = max if self.stretch.rising else min
        return choose(rest.place, place)


class Search:
    """One page being looked for; collects its lines."""

    def __init__(
        self, tenant_id: UUID, wanted: Wanted, conditions: Conditions, narrowing: Narrowing
    ) -> None:
        self.tenant_id = tenant_id
        self.wanted = wanted
        self.conditions = conditions
        self.narrowing = narrowing
        self.lines: list[EventLine] = []
        self.stopped_at: Place | None = None
        # How many events match in a span that was looked through from end to end.
        self.total: int | None = None
        self._walked = 0

    @property
    def missing(self) -> int:
        return self.wanted.limit - len(self.lines)

    @property
    def is_over(self) -> bool:
        return self.missing <= 0 or self.stopped_at is not None

    def look_in(self, span: TimeWindow) -> None:
        """Look for lines in one span, from the wanted place on."""
        stretch = Stretch(self.tenant_id, span, self.wanted.place, self.wanted.rising)
        if not self.conditions:
            self.lines += read_lines(stretch, self.missing)
            return
        found = self._walk(stretch, FIRST_STEPS)
        if self.is_over:
            return
        density = found / FIRST_STEPS
        seen = Seen(stretch, FIRST_STEPS)
        if density and self.missing / density < SOON:
            seen = Seen(self._behind_last(stretch), SOON)
            self._walk(seen.stretch, SOON)
        if not self.is_over:
            self._look_up(self._behind_last(stretch), density, seen)

    def _walk(self, stretch: Stretch, steps: int) -> int:
        """Walk through the first events of a stretch; return how many of them matched."""
        lines = walk(stretch, self.conditions, steps=steps, limit=self.missing)
        self.lines += lines
        self._walked += steps
        return len(lines)

    def _behind_last(self, stretch: Stretch) -> Stretch:
        """Return what is left of a stretch behind the last line found."""
        if not self.lines:
            return stretch
        last = self.lines[-1]
        return dataclasses.replace(stretch, place=(last.occurred_at, last.id))

    def _look_up(self, stretch: Stretch, density: float, seen: Seen) -> None:
        """Ask the index about a stretch."""
        if self.narrowing.text is None:
            self._walk_on(seen.rest())
            return
        if self.narrowing.is_selective and not density:
            hits = seek(stretch, self.conditions, self.narrowing.text, limit=self.missing)
            if hits.is_complete:
                self.lines += hits.lines
                self.total = hits.matches
                return
        days = days_of(stretch)
        events = sum(day.events for day in days)
        known = density or (MOST_HITS / events if self.narrowing.is_selective else 0)
        reach = self.missing * 2 / known if known else FIRST_REACH
        at = self._look_through(stretch, days, int(reach))
        if at is not None and not self.is_over:
            # What the first steps went through may end behind the last of the days.
            self.stopped_at = seen.further(
                edge_of(days[:at], rising=stretch.rising) if at else None
            )

    def _look_through(self, stretch: Stretch, days: list[Day], reach: int) -> int | None:
        """Ask the index about one run of days after the other, longer ones where little is.

        Return how many days were looked through when asking had to stop; None for all of them.
        """
        at = 0
        for _ in range(MOST_SEEKS):
            run = _run(days[at:], reach)
            if not run:
                return None
            events = sum(day.events for day in run)
            hits = self._seek_in(stretch, run)
            if hits.is_complete:
                self.lines += hits.lines
                at += len(run)
                density = hits.matches / events
                reach = int(min(events * GROWTH, self.missing * 2 / (density or 1e-9)))
            elif len(run) > 1:
                reach = events // GROWTH
            elif self._walked < MOST_STEPS:
                self._walk_on(_within(stretch, run))
                at += 1
            else:
                return at
            if self.is_over:
                return at
        return at if at < len(days) else None

    def _seek_in(self, stretch: Stretch, run: list[Day]) -> Hits:
        words = f"{self.narrowing.text} & {lexemes_of(run, mark_of(self.tenant_id))}"
        return seek(_within(stretch, run), self.conditions, words, limit=self.missing)

    def _walk_on(self, rest: Stretch | None) -> None:
        """Walk through what the index is no help with, until the steps are used up."""
        steps = MOST_STEPS // 4
        while rest is not None:
            self._walk(rest, steps)
            if self.is_over:
                return
            place = place_after(rest, steps)
            if place is None:
                return
            rest = dataclasses.replace(rest, place=place)
            if self._walked >= MOST_STEPS:
                self.stopped_at = place
                return


def _run(days: list[Day], reach: int) -> list[Day]:
    """Return the first days that together hold so many events; at least one."""
    run, events = [], 0
    for day in days:
        run.append(day)
        events += day.events
        if events >= reach:
            break
    return run


def _within(stretch: Stretch, run: list[Day]) -> Stretch:
    window, span = window_of(run), stretch.span
    starts = [at for at in (window.start, span.start) if at is not None]
    ends = [at for at in (window.end, span.end) if at is not None]
    return dataclasses.replace(stretch, span=TimeWindow(max(starts), min(ends)))
