"""Seeded chance: one seed tells one story, down to the ids."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")

_SECRET_HASH_BYTES = 32


class Chance(random.Random):
    """Reproducible randomness. Nothing that it gives out protects anything."""

    def id_at(self, moment: datetime) -> UUID:
        """Return a UUIDv7 (RFC 9562, section 5.7) of the moment, its random bits from the seed."""
        value = (int(moment.timestamp() * 1000) << 80) | self.getrandbits(80)
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        value = (value & ~(0x3 << 62)) | (0x2 << 62)
        return UUID(int=value)

    def holds(self, probability: float) -> bool:
        return self.random() < probability

    def pause(self, low_s: float, high_s: float) -> timedelta:
        """Return a time between two acts of a person, to the millisecond like a clock's."""
        return timedelta(milliseconds=self.randint(int(low_s * 1000), int(high_s * 1000)))

    def weighted(self, weights: dict[T, float]) -> T:
        return self.choices(list(weights), list(weights.values()))[0]

    def some(self, items: Sequence[T], low: int, high: int) -> list[T]:
        return self.sample(items, min(len(items), self.randint(low, high)))

    def unusable_hash(self) -> str:
        """Return what looks like the hash of a secret, and is the hash of none that is known."""
        return self.randbytes(_SECRET_HASH_BYTES).hex()
