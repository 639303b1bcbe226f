"""What a format is: how its records are recognised, and the rules that read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.audit.importers.fields import Raw
from app.audit.importers.refusal import RecordRefused
from app.audit.importers.rules import Rule, apply

# Objects that carry a record within: what collectors and streams put around it.
WRAPPERS = ("raw", "detail", "event")
# A wrapper says little besides: anything longer is a record that has such a field.
_BESIDE = 12


@dataclass(frozen=True, slots=True)
class Format:
    """The log format of one system.

    `origin` says what its owner calls the records, and where they come from. `recognise` says how
    surely a record is of this format, from 0 to 1. `parts` divides a record that tells several
    events. `refuses` says in words what is not imported.
    """

    name: str
    title: str
    origin: str
    rules: tuple[Rule, ...]
    recognise: Callable[[Raw], float]
    refuses: tuple[str, ...] = ()
    parts: Callable[[Raw], Sequence[Raw]] = lambda record: (record,)
    wrapper: str | None = None

    def events(self, record: Raw) -> list[dict[str, Any]]:
        """Return the events of a record in the form of the contract; mostly one.

        The same record always gives the same ids, so that importing it again adds nothing.
        Raises `RecordRefused` for a record of another format.
        """
        inner = self.unwrap(record)
        if inner is None:
            raise RecordRefused(f"not a record of {self.title}")
        return [apply(self.rules, part) for part in self.parts(inner)]

    def score(self, record: Raw) -> float:
        """Return how surely a record is of this format, wrapped or not, from 0 to 1."""
        return max((self.recognise(one) for one in self._layers(record)), default=0.0)

    def unwrap(self, record: Raw) -> Raw | None:
        """Return the record without what was put around it, or None for one of another format."""
        for layer in self._layers(record):
            if self.recognise(layer) > 0:
                return layer
        return None

    def _layers(self, record: Raw) -> list[Raw]:
        found = [record]
        for name in (*WRAPPERS, self.wrapper):
            inner = record.get(name) if name else None
            if isinstance(inner, Mapping) and len(record) <= _BESIDE:
                found.append(inner)
        return found


def share(*hints: bool) -> float:
    """Return the share of hints that hold."""
    return sum(hints) / len(hints)
