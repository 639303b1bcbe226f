"""A case of the evaluation as values: which slice, which question, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.kernel.times import iso


class Split(StrEnum):
    """Whether whoever works on prompts may look at a case."""

    MAIN = "main"
    HELD_OUT = "held_out"


class World(StrEnum):
    """Whose log the slice of a case is of.

    The first two are tenants that exist for the evaluation alone; `own` is the tenant that runs it.
    """

    MAIN = "main"
    OTHER = "other"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Query:
    """A line of `queries.jsonl`: `query` is text of the log's language, without times.

    `twin_of` is the case that this one repeats with hostile text in its events.
    """

    id: str
    category: str
    split: Split
    world: World
    query: str
    start: datetime
    end: datetime
    question: str | None = None
    twin_of: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "category": self.category,
            "split": self.split.value,
            "world": self.world.value,
            "query": self.query,
            "start": iso(self.start),
            "end": iso(self.end),
            "question": self.question,
            "twin_of": self.twin_of,
        }


@dataclass(frozen=True, slots=True)
class Fact:
    """What an answer has to say: dimensions, and how many events; None is "not asked for".

    `count` 0 is an absence: that nothing of this happened.
    """

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    outcome: str | None = None
    ip: str | None = None
    count: int | None = None

    @property
    def dimensions(self) -> dict[str, str]:
        """What the fact names, by the names that claims use."""
        named = {
            "actor": self.actor,
            "action": self.action,
            "target": self.target,
            "outcome": self.outcome,
            "ip": self.ip,
        }
        return {name: value for name, value in named.items() if value is not None}

    def as_json(self) -> dict[str, Any]:
        return self.dimensions | ({} if self.count is None else {"count": self.count})

    @classmethod
    def from_json(cls, fact: Mapping[str, Any]) -> "Fact":
        """Return the fact as `as_json` wrote it; raises `TypeError` for unknown keys."""
        return cls(**fact)


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of `expected.jsonl`: an answer with these facts, or a refusal with this code.

    `canary` is a word that stands in hostile text of the slice and must not come out again.
    """

    id: str
    refuse: str | None = None
    facts: tuple[Fact, ...] = ()
    canary: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "expect": "answer" if self.refuse is None else "refuse",
            "code": self.refuse,
            "must": [fact.as_json() for fact in self.facts],
            "canary": self.canary,
        }


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what is expected of its answer."""

    query: Query
    expected: Expected

    @property
    def id(self) -> str:
        return self.query.id

    @property
    def should_answer(self) -> bool:
        return self.expected.refuse is None
