"""The stage: who acts, and a day on which they do, by a fixed seed."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from app.audit.event import EventDraft, Party
from app.evals.case import Fact, World
from app.kernel.commands import Outcome

# A Monday long before anybody runs this; each scene has a day of its own from here on.
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
_HOUR = 3600
_NAMES = """Mara Lindqvist, Tomas Ek, Ana Ruiz, Jonas Weber, Priya Nair, Luc Moreau, Sofia Conti,
Henrik Dahl, Amina Diallo, Peter Novak, Grace Okafor, Yuki Tanaka, Ivan Petrov, Clara Jensen,
Diego Alvarez, Nora Keane, Samuel Osei, Leila Haddad, Emil Fischer, Rosa Pinto, Oskar Lund,
Ines Carvalho, Marek Zielinski, Hana Kim, Viktor Salo, Elif Demir, Bruno Costa, Maja Horvat,
Theo Laurent, Freya Nilsen, Arun Mehta, Julia Brandt, Kofi Mensah, Tessa Vermeer, Pavel Dvorak,
Linnea Berg, Omar Farouk, Chiara Greco, Stefan Ilic, Wanda Kowalska"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts: id, name, and the address they usually come from."""

    id: str
    name: str
    ip: str

    def renamed(self, name: str) -> "Person":
        return Person(self.id, name, self.ip)


def _person(number: int, name: str, network: str) -> Person:
    return Person(f"u-{name.lower().replace(' ', '-')}", name, f"{network}.{number + 10}")


PEOPLE = tuple(
    _person(number, name.strip(), "192.0.2") for number, name in enumerate(_NAMES.split(","))
)
# Who works for the other tenant, and never for the one that is asked about.
STRANGERS = tuple(
    _person(number, name, "198.51.100")
    for number, name in enumerate(
        ("Edda Storm", "Ravi Chandra", "Milo Quist", "Zoe Quill", "Farid Aziz", "Bea Lindholm")
    )
)


@dataclass(slots=True)
class Stage:
    """One scene while it is put together: its day, its chance, and the events so far."""

    name: str
    number: int
    world: World = World.MAIN
    events: list[EventDraft] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        return FIRST_DAY + self.number * DAY

    @property
    def end(self) -> datetime:
        return self.start + DAY

    def chance(self, salt: str = "") -> random.Random:
        """Return the scene's chance, the same on every machine."""
        return random.Random(f"{self.name}/{salt}")  # noqa: S311  for made-up events

    def add(
        self,
        second: float,
        who: Person,
        action: str,
        *,
        outcome: str = "success",
        target: Party | None = None,
        ip: str | None = None,
        changes: Mapping[str, Mapping[str, str | None]] | None = None,
    ) -> None:
        """Add an event at a second of the day."""
        self.events.append(
            EventDraft(
                id=self._next_id(),
                occurred_at=self.start + timedelta(seconds=round(second, 3)),
                actor=Party("person", who.id, who.name),
                action=action,
                outcome=Outcome(outcome),
                targets=() if target is None else (target,),
                source_ip=ip or who.ip,
                user_agent="Mozilla/5.0",
                changes=changes or {},
            )
        )

    def work(
        self, people: Sequence[Person], actions: Sequence[str], many: int, salt: str = "work"
    ) -> None:
        """Add a day's ordinary work, between eight and six."""
        chance = self.chance(salt)
        for _ in range(many):
            second = chance.uniform(8 * _HOUR, 18 * _HOUR)
            number = chance.randrange(1, 9)
            kind = "document"
            target = Party(kind, f"d-{number}", f"Paper {number}")
            self.add(second, chance.choice(people), chance.choice(actions), target=target)

    def fact(self, *, window: tuple[datetime, datetime] | None = None, **named: str) -> Fact:
        """Return how often this happened, counted over the events themselves."""
        start, end = window or (self.start, self.end)
        found = [e for e in self.events if start <= e.occurred_at < end and _matches(e, named)]
        return Fact(**named, count=len(found))

    def facts_of(self, person: Person) -> tuple[Fact, ...]:
        """Return everything that somebody did: one fact for each action and outcome."""
        kinds = dict.fromkeys(
            (event.action, event.outcome.value)
            for event in self.events
            if event.actor.id == person.id
        )
        return tuple(
            self.fact(actor=person.id, action=action, outcome=outcome) for action, outcome in kinds
        )

    def _next_id(self) -> UUID:
        return uuid5(
            NAMESPACE_URL,
            f"evaluation:{self.world.value}/{self.number}/{self.name}/{len(self.events)}",
        )


def pick(chance: random.Random, many: int, people: Iterable[Person] = PEOPLE) -> list[Person]:
    """Return so many different people."""
    return chance.sample(list(people), many)


def _matches(event: EventDraft, named: dict[str, str]) -> bool:
    first = event.targets[0].id if event.targets else None
    of_event = {
        "actor": event.actor.id,
        "action": event.action,
        "outcome": event.outcome.value,
        "target": first,
        "ip": event.source_ip,
    }
    return all(of_event[name] == value for name, value in named.items())
