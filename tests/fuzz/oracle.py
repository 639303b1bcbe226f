"""A second opinion on every question: all events in memory, and sets of them as long integers.

It is written from what the documents say of the query language, not from the code that answers
it, and shares none of it. A set of events is an integer whose bit n stands for the event n in
order of time and id, so that "and", "or" and "not" are those of integers.
"""

import bisect
import datetime as dt
import functools
import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from uuid import UUID

from tests.fuzz.told import Told

Events = int
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TOKENS = re.compile(rf"{_UUID}|[^\W_]+")


def tokens(text: str) -> list[str]:
    """Return the words of a text: letters and digits in a row, or a whole id, without case."""
    return _TOKENS.findall(text.casefold())


class Oracle:
    """All events that were told to one tenant."""

    def __init__(self, told: Iterable[Told]) -> None:
        self.events = sorted(told, key=lambda event: (event.at, event.id.int))
        self.everything: Events = (1 << len(self.events)) - 1
        self._times = [event.at for event in self.events]
        self._words = self._index(lambda event: {w for text in event.texts for w in tokens(text)})
        self._values: dict[str, dict[str, Events]] = {
            "actor": self._index(lambda event: {event.actor.id, event.actor.shown}),
            "action": self._index(lambda event: {event.action}),
            "target": self._index(_target_names),
            "outcome": self._index(lambda event: {event.outcome}),
            "session": self._index(lambda event: {event.session} - {None}),
            "target_type": self._index(lambda e: {e.target.type} if e.target else set()),
            "ip": self._index(lambda event: {event.ip} - {None}),
        }
        # A question is answered several times over.
        self.containing = functools.lru_cache(maxsize=8)(self._containing)
        self._addresses = {each: ipaddress.ip_address(each) for each in self._values["ip"]}

    def vocabulary(self, key: str) -> list[str]:
        """Return the values that events have for a key."""
        return sorted(self._values[key])

    def ids(self, events: Events, *, rising: bool) -> Iterator[UUID]:
        """Yield the ids of a set of events in the order of a list."""
        return (self.events[at].id for at in _places(events, rising=rising))

    def equal_to(self, key: str, value: str) -> Events:
        """Return the events with exactly this value; of an action, those that begin with it."""
        values = self._values[key]
        if key == "action":
            return _union(found for each, found in values.items() if each.startswith(value))
        if key == "ip":
            network = ipaddress.ip_network(value, strict=False)
            return _union(values[each] for each, at in self._addresses.items() if at in network)
        return values.get(value, 0)

    def _containing(self, text: str) -> Events:
        """Return the events that hold the words of a text, one behind the other, in one place."""
        wanted = tokens(text)
        if not wanted:
            return 0
        found = self.everything
        for word in wanted:
            found &= self._words.get(word, 0)
        if len(wanted) == 1:
            return found
        held = (at for at in _places(found, rising=True) if self._holds(at, wanted))
        return _set_of(held, len(self.events))

    def between(self, start: dt.datetime | None, end: dt.datetime | None) -> Events:
        """Return the events from a moment up to and without another."""
        first = 0 if start is None else bisect.bisect_left(self._times, start)
        last = len(self._times) if end is None else bisect.bisect_left(self._times, end)
        return ((1 << max(0, last - first)) - 1) << first

    def _holds(self, at: int, wanted: Sequence[str]) -> bool:
        for text in self.events[at].texts:
            words = tokens(text)
            for start in range(len(words) - len(wanted) + 1):
                if words[start : start + len(wanted)] == wanted:
                    return True
        return False

    def _index(self, values_of: Callable[[Told], set[str]]) -> dict[str, Events]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for at, event in enumerate(self.events):
            for value in values_of(event):
                places[value].append(at)
        return {value: _set_of(found, len(self.events)) for value, found in places.items()}


def _target_names(event: Told) -> set[str]:
    return {event.target.id, event.target.shown} if event.target else set()


def _set_of(places: Iterable[int], size: int) -> Events:
    bits = bytearray(size // 8 + 1)
    for at in places:
        bits[at // 8] |= 1 << at % 8
    return int.from_bytes(bits, "little")


def _places(events: Events, *, rising: bool) -> Iterator[int]:
    bits = f"{events:b}"[::-1]
    at = bits.find("1") if rising else bits.rfind("1")
    while at >= 0:
        yield at
        at = bits.find("1", at + 1) if rising else bits.rfind("1", 0, at)


def _union(sets: Iterable[Events]) -> Events:
    found = 0
    for each in sets:
        found |= each
    return found
