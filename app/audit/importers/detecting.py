"""Which format some records are of."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.audit.importers.fields import Raw
from app.audit.importers.registry import FORMATS

SURE = 0.5


@dataclass(frozen=True, slots=True)
class Detected:
    """The format that fits best, and how well, from 0 to 1."""

    name: str
    score: float


def rate_formats(records: Sequence[Raw]) -> list[Detected]:
    """Return how well each format fits the records on average, the best first."""
    rated = [
        Detected(name, sum(map(found.score, records)) / len(records) if records else 0.0)
        for name, found in FORMATS.items()
    ]
    return sorted(rated, key=lambda one: -one.score)


def detect_format(records: Sequence[Raw]) -> Detected | None:
    """Return the format of the records, or None where none fits well enough to be sure."""
    best = rate_formats(records)[0]
    return best if best.score >= SURE else None
