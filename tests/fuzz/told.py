"""Events as a sender tells them: few values of each kind, so that questions find some of them."""

import datetime as dt
import ipaddress
import random
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

ACTIONS = (
    *("door.opened", "door.closed", "door_bell.rung", "doors.counted", "lamp.lit", "lamp.broken"),
    *("report.read", "report.read.twice", "grant.given", "a.b", "x9.y_z"),
)
# A reason may have 1,000 characters.
MOST_OF_ONE_WORD = 800
OUTCOMES = ("success",) * 6 + ("failure", "denied")
KINDS = ("person", "service", "system", "api_key", "anonymous")
TARGETS = ("door", "lamp", "report", "Door", "door lock", "日本")
# What words are made of in many scripts; equal in lower case where they are, and where not.
WORDS = (
    *("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "iris", "juniper"),
    *("Straße", "STRASSE", "café", "cafe\u0301", "ΌΣΟΣ", "όσος", "İstanbul", "istanbul", "日本語"),
    *("naïve", "x", "1", "42", "0x1f", "a_b", "co-op", "e.mail@host.example", "don't", "c++"),
    *("true", "null", "and", "or", "not", "the", "=cdoor", "=o", "'quote'", 'say "hi"', "back\\s"),
    *("%", "_", "*", ":*", "&", "|", "!", "<->", "(", ")", ":", "10.0.0.1", "2001:db8::1", "🚪"),
    *("0193a1c2-5b7e-7c11-9d2f-3f6f0a1b2c3d", "-5b7e-", "ﬁne", "fine", "Ⅷ", "½", "ǅ", "ß"),
)
ZONES = (
    dt.UTC,
    dt.timezone(dt.timedelta(hours=2)),
    dt.timezone(-dt.timedelta(hours=9, minutes=30)),
)
DAYS = 90


@dataclass(frozen=True)
class Party:
    """An actor or a target; without a name of its own it is called by its id."""

    type: str
    id: str
    name: str | None = None

    @property
    def shown(self) -> str:
        return self.name or self.id

    def as_json(self) -> dict[str, str]:
        named = {} if self.name is None else {"name": self.name}
        return {"type": self.type, "id": self.id, **named}


@dataclass(frozen=True)
class Told:
    """One event, as it was sent."""

    id: UUID
    at: dt.datetime
    actor: Party
    action: str
    outcome: str
    targets: tuple[Party, ...] = ()
    ip: str | None = None
    user_agent: str | None = None
    session: str | None = None
    reason: str | None = None
    changes: dict[str, dict[str, str]] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> Party | None:
        """The target that lists show and questions are about."""
        return self.targets[0] if self.targets else None

    @cached_property
    def texts(self) -> list[str]:
        """What free text looks through, each text by itself."""
        texts = [self.actor.id, self.actor.shown, self.action]
        for target in self.targets:
            texts += [target.id, target.shown]
        texts += [text for text in (self.session, self.reason, self.user_agent) if text]
        if self.ip is not None:
            # An address is kept, and told again, in its shortest form.
            texts.append(str(ipaddress.ip_address(self.ip)))
        for change in self.changes.values():
            texts += change.values()
        texts += [str(v) for v in self.metadata.values() if isinstance(v, str | int)]
        return texts

    def as_json(self, zone: dt.tzinfo = dt.UTC) -> dict[str, Any]:
        """Return the event as the API takes it, its time in a zone."""
        source = {"ip": self.ip, "user_agent": self.user_agent, "session": self.session}
        return {
            "id": str(self.id),
            "occurred_at": self.at.astimezone(zone).isoformat(),
            "actor": self.actor.as_json(),
            "action": self.action,
            "outcome": self.outcome,
            "targets": [target.as_json() for target in self.targets],
            "source": {name: value for name, value in source.items() if value is not None},
            **({} if self.reason is None else {"reason": self.reason}),
            "changes": self.changes,
            "metadata": self.metadata,
        }


class Teller:
    """Makes up events of the days before a moment, always the same for the same seed."""

    def __init__(self, seed: int, until: dt.datetime) -> None:
        self._chance = random.Random(f"told {seed}")  # noqa: S311  repeatable
        self._until = until

    def tell(self) -> Told:
        chance = self._chance
        person = int(30 * chance.random() ** 2)
        named = chance.random() < 0.7
        actor = Party(chance.choice(KINDS), f"u-{person}", self._name(person) if named else None)
        changes = {"state": {"before": self._word(), "after": self._text(3)}}
        metadata = {
            "note": self._text(6),
            "floor": person % 7,
            "open": person % 2 == 0,
            "deep": [1],
        }
        return Told(
            id=UUID(int=chance.getrandbits(128), version=4),
            at=self._moment(),
            actor=actor,
            action=chance.choice(ACTIONS),
            outcome=chance.choice(OUTCOMES),
            targets=tuple(self._target() for _ in range(chance.choice((0, 1, 1, 1, 2, 3)))),
            ip=self._address(),
            user_agent=chance.choice((None, "Mozilla/5.0 (X11) Firefox/132.0", "curl/8.5")),
            session=chance.choice((None, None, f"s-{person}", f"s {person}")),
            reason=self._reason(),
            changes=changes if chance.random() < 0.3 else {},
            metadata=metadata if chance.random() < 0.8 else {},
        )

    def _moment(self) -> dt.datetime:
        chance = self._chance
        at = self._until - dt.timedelta(days=DAYS) * chance.random() ** 2
        # Many at the same moment, so that the order among them is tried; some at midnight.
        luck = chance.random()
        if luck < 0.2:
            at = at.replace(second=0, microsecond=0)
        elif luck < 0.25:
            at = at.replace(hour=0, minute=0, second=0, microsecond=0)
        elif luck < 0.3:
            at = at.replace(minute=59, second=59, microsecond=999_999)
        return min(at, self._until)

    def _target(self) -> Party:
        number = int(60 * self._chance.random() ** 2)
        name = f"Thing {number}" if number % 3 else None
        return Party(self._chance.choice(TARGETS), f"thing-{number}", name)

    def _address(self) -> str | None:
        a, b = int(20 * self._chance.random() ** 2), self._chance.randrange(256)
        return self._chance.choice(
            (None, f"10.0.{a}.{b}", f"10.{a}.0.1", f"192.0.2.{b}", f"2001:db8::{a:x}:{b:x}", "::1")
        )

    def _reason(self) -> str | None:
        luck = self._chance.random()
        if luck < 0.002:
            # One word many times: an index keeps but so many of its places.
            return " ".join([self._word()] * 90)[:MOST_OF_ONE_WORD] + " " + self._text(2)
        return self._text(4) if luck < 0.4 else None

    def _name(self, person: int) -> str:
        return f"{WORDS[person % 10].title()} Person {person // 3}"

    def _text(self, most: int) -> str:
        return " ".join(self._word() for _ in range(self._chance.randint(1, most)))

    def _word(self) -> str:
        return WORDS[int(len(WORDS) * self._chance.random() ** 2)]
