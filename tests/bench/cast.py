"""Who and what appears in the made-up events: always the same for the same seed."""

import bisect
import itertools
import random
from dataclasses import dataclass
from uuid import UUID

from app.audit.event import Party

SEED = 20_260_101
TENANTS = 200
# With this exponent the largest of 200 tenants has about a fifth of all events.
ZIPF = 1.08
OBJECTS = (
    "user",
    "role",
    "api_key",
    "project",
    "document",
    "invoice",
    "webhook",
    "session",
    "billing",
    "group",
    "secret",
    "report",
)
VERBS = ("viewed", "updated", "created", "exported", "deleted")
ACTIONS = tuple(f"{thing}.{verb}" for verb in VERBS for thing in OBJECTS)
WORDS = 20_000
PROGRAMS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/{} Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/{} Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{}) Gecko/20100101 Firefox/{}",
    "python-requests/2.{}",
    "terraform/1.{} (linux)",
)
GIVEN = ("Ana", "Noor", "Tomas", "Elin", "Rosa", "Omar", "Katrin", "Lukas", "Mina", "Ines", "Ravi")
FAMILY = ("Ruiz", "Haddad", "Ek", "Sandberg", "Lindqvist", "Farouk", "Vogel", "Brandt", "Okafor")


class Weighted:
    """Draws positions 0…n-1 of a Zipf distribution."""

    def __init__(self, n: int, exponent: float) -> None:
        self.sums = list(itertools.accumulate(1 / k**exponent for k in range(1, n + 1)))

    def draw(self, chance: random.Random) -> int:
        return bisect.bisect_left(self.sums, chance.random() * self.sums[-1])

    def share(self, position: int) -> float:
        """Return which part of all draws falls on the position."""
        return 1 / (position + 1) / self.sums[-1]


def vocabulary() -> tuple[str, ...]:
    """Return made-up words that are easy to tell apart; the first ones are the most common."""
    chance = random.Random(7)  # noqa: S311  repeatable
    syllables = [c + v for c in "bcdfghjklmnprstvz" for v in "aeiou"]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        found["".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4))))] = None
    return tuple(found)


def tenant_id(number: int) -> UUID:
    """Return the id of tenant 0…199; 0 is the largest."""
    value = random.Random(f"tenant {number}").getrandbits(128)  # noqa: S311  repeatable
    return UUID(int=value, version=4)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and machines of one tenant, the busiest first."""

    actors: tuple[Party, ...]


def cast_of(number: int, events: int) -> Cast:
    """Return who acts in a tenant that has so many events."""
    chance = random.Random(f"cast {number}")  # noqa: S311  repeatable
    size = max(5, min(2_000, events // 500))
    actors = []
    for at in range(size):
        if at % 12 == 0:
            name = f"ci-deploy-{at // 12}"
            actors.append(Party("service", f"svc:{name}@t{number}", name))
        else:
            name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)} {at}"
            actors.append(Party("person", str(UUID(int=chance.getrandbits(128), version=4)), name))
    return Cast(tuple(actors))
