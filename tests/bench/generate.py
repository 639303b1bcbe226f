"""Made-up events by the million: the same numbers give the same events, in any order of work.

Events come in chunks, each drawn from a seed of its own, so that several processes can make
them. Within a chunk tenants are mixed, as they are in life, and time moves on.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from app.audit.event import EventDraft, Party
from app.kernel.commands import Outcome
from tests.bench.cast import (
    ACTIONS,
    PROGRAMS,
    SEED,
    TENANTS,
    ZIPF,
    Weighted,
    cast_of,
    tenant_id,
    vocabulary,
)

CHUNK = 25_000
END = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
SPAN = dt.timedelta(days=365)
OBJECTS_OF_A_KIND = 50_000
REGIONS = ("eu-central", "eu-north", "us-east", "us-west", "ap-south")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many events there are in all. Everything else follows from that."""

    rows: int

    @property
    def chunks(self) -> range:
        return range((self.rows + CHUNK - 1) // CHUNK)

    def size_of(self, chunk: int) -> int:
        return min(CHUNK, self.rows - chunk * CHUNK)


class Generator:
    """Draws the events of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._tenants = Weighted(TENANTS, ZIPF)
        self._actions = Weighted(len(ACTIONS), 1.0)
        self._words = vocabulary()
        self._word_ranks = Weighted(len(self._words), 1.0)
        shares = [1 / (k + 1) ** ZIPF for k in range(TENANTS)]
        self._casts = [
            cast_of(number, int(plan.rows * share / sum(shares)))
            for number, share in enumerate(shares)
        ]
        self._ids = [tenant_id(number) for number in range(TENANTS)]

    def count_by_tenant(self, chunk: int) -> Counter[UUID]:
        """Return how many events of a chunk belong to each tenant, without making them."""
        return Counter(self._ids[number] for number in self._draw_tenants(chunk))

    def events(self, chunk: int) -> Iterator[tuple[UUID, EventDraft]]:
        """Yield the events of a chunk, oldest first, each with its tenant."""
        chance = random.Random(f"{SEED} events {chunk}")  # noqa: S311  repeatable
        step = SPAN / self.plan.rows
        begin = END - SPAN + step * CHUNK * chunk
        for place, number in enumerate(self._draw_tenants(chunk)):
            at = begin + step * (place + chance.random())
            yield self._ids[number], self._event(chance, number, at)

    def _draw_tenants(self, chunk: int) -> list[int]:
        chance = random.Random(f"{SEED} tenants {chunk}")  # noqa: S311  repeatable
        return [self._tenants.draw(chance) for _ in range(self.plan.size_of(chunk))]

    def _event(self, chance: random.Random, number: int, at: dt.datetime) -> EventDraft:
        actors = self._casts[number].actors
        place = int(len(actors) * chance.random() ** 3)
        actor = actors[place]
        action = ACTIONS[self._actions.draw(chance)]
        kind = action.partition(".")[0]
        target = int(OBJECTS_OF_A_KIND * chance.random() ** 2)
        luck = chance.random()
        words = [self._words[self._word_ranks.draw(chance)] for _ in range(6)]
        bits = chance.getrandbits(64)
        return EventDraft(
            id=_id_at(chance, at),
            occurred_at=at,
            actor=actor,
            action=action,
            outcome=_outcome(luck),
            targets=(Party(kind, f"{kind}_{target}", f"{kind.replace('_', ' ')} {target}"),),
            source_ip=f"10.{number}.{place % 256}.{bits % 64}",
            user_agent=PROGRAMS[place % len(PROGRAMS)].replace("{}", str(100 + place % 30)),
            session=f"{place:x}-{at:%Y%m%d}" if actor.type == "person" else None,
            request_id=f"{bits:016x}",
            reason=f"OPS-{bits % 9_000} {words[0]}" if bits % 10 == 0 else None,
            changes=_changes(action, words),
            metadata={"note": " ".join(words[2:]), "region": REGIONS[bits % len(REGIONS)]},
        )


def _outcome(luck: float) -> Outcome:
    if luck < 0.93:
        return Outcome.SUCCESS
    return Outcome.FAILURE if luck < 0.985 else Outcome.DENIED


def _changes(action: str, words: list[str]) -> dict[str, dict[str, str | None]]:
    if not action.endswith(".updated"):
        return {}
    return {"status": {"before": words[0], "after": words[1]}}


def _id_at(chance: random.Random, at: dt.datetime) -> UUID:
    """Return the UUIDv7 of a moment, whose random bits are the seed's."""
    milliseconds = int(at.timestamp() * 1000)
    high, low = chance.getrandbits(12), chance.getrandbits(62)
    return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
