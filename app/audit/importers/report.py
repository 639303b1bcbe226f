"""What became of the records of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_PLACES = 300
MAX_REASONS = 50
OTHER_REASONS = "other reasons"


@dataclass(slots=True)
class Refusals:
    """The records refused for one reason: how many, and where the first 300 are."""

    count: int = 0
    places: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ImportReport:
    """How many records were read and refused, and how many events were new.

    `unit` is what the places of refusals count: lines or records.
    """

    unit: str = "line"
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    refusals: dict[str, Refusals] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        return sum(refusals.count for refusals in self.refusals.values())

    def refuse(self, reason: str, place: int) -> None:
        """Count a refusal; reasons beyond fifty become one, so that memory stays flat."""
        if reason not in self.refusals and len(self.refusals) >= MAX_REASONS:
            reason = OTHER_REASONS
        refusals = self.refusals.setdefault(reason, Refusals())
        refusals.count += 1
        if len(refusals.places) < MAX_PLACES:
            refusals.places.append(place)

    def by_count(self) -> list[tuple[str, Refusals]]:
        """Return the reasons with their refusals, the most frequent first."""
        return sorted(self.refusals.items(), key=lambda item: (-item[1].count, item[0]))

    def refusals_as_json(self) -> dict[str, Any]:
        """Return the refusals as they are kept."""
        return {
            reason: {"count": one.count, "places": one.places}
            for reason, one in self.refusals.items()
        }


def refusals_from_json(kept: Mapping[str, Any]) -> dict[str, Refusals]:
    """Return refusals that were kept."""
    return {reason: Refusals(one["count"], list(one["places"])) for reason, one in kept.items()}
