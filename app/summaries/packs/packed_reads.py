"""The slice of a summary, read from a pack instead of the database."""

import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.audit.proof.verifier.packed_events import PackedEvent
from app.audit.queries import EventFact, Extent, Match


@dataclass(slots=True)
class _Tally:
    """How many events match, and their extremes in time."""

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def add(self, at: datetime) -> None:
        self.count += 1
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)


@dataclass(slots=True)
class PackedReads:
    """What claims ask of a slice, gathered in one pass over a pack.

    Knows beforehand which events the claims cite and what they count, so that a slice of a
    million events takes no memory. Implements `verifier.Reads`.
    """

    cited: Iterable[UUID]
    matches: Iterable[Match]
    total: int = 0
    has_erased: bool = False
    _events: dict[UUID, EventFact | None] = field(init=False)
    _tallies: dict[Match, _Tally] = field(init=False)

    def __post_init__(self) -> None:
        self._events = dict.fromkeys(self.cited)
        self._tallies = {match: _Tally() for match in self.matches}

    def take(self, event: PackedEvent, start: datetime, end: datetime) -> None:
        """Take in an event that happened from `start` until before `end`; pass over others."""
        if event.document is None:
            return
        fact = _fact(event.document)
        if not start <= fact.occurred_at < end:
            return
        self.total += 1
        self.has_erased |= bool(event.secrets.erased)
        if fact.id in self._events:
            self._events[fact.id] = fact
        for match, tally in self._tallies.items():
            if _matches(fact, match):
                tally.add(fact.occurred_at)

    def list_events(self, ids: Sequence[UUID]) -> tuple[EventFact, ...]:
        """Return those of the events that the pack holds in the slice, oldest first."""
        found = [event for event in map(self._events.get, ids) if event is not None]
        return tuple(sorted(found, key=lambda event: (event.occurred_at, event.id)))

    def measure(self, match: Match) -> Extent:
        """Return how many events of the slice match, and their extremes."""
        tally = self._tallies[match]
        return Extent(tally.count, tally.first, tally.last)

    def find_passage(self, passage_id: str) -> str | None:
        """Return None: packs hold no content."""
        del passage_id
        return None


def _matches(fact: EventFact, match: Match) -> bool:
    sought = (
        (match.actor_id, fact.actor_id),
        (match.action, fact.action),
        (match.outcome, fact.outcome),
        (match.target_id, fact.target_id),
        (match.source_ip, fact.source_ip),
    )
    return all(value is None or value == said for value, said in sought)


def _fact(document: Mapping[str, Any]) -> EventFact:
    targets = document["targets"]
    first = targets[0] if targets else {"id": None, "name": None}
    return EventFact(
        id=UUID(document["id"]),
        occurred_at=datetime.fromisoformat(document["occurred_at"]),
        actor_id=document["actor"]["id"],
        actor_name=document["actor"]["name"],
        action=document["action"],
        outcome=document["outcome"],
        target_id=first["id"],
        target_name=first["name"],
        source_ip=_as_stored(document["source"]["ip"]),
        # The pack proves by the log's tree that the event is what it was.
        hash="",
    )


def _as_stored(address: str | None) -> str | None:
    """Return an address as the database spells it; leaves have the longest form of IPv6."""
    if address is None or ":" not in address:
        return address
    return socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, address))
