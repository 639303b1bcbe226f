"""What the fields of some records are: their dotted paths, and the values they have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.audit.importers.fields import Raw

MAX_PATHS = 400
MAX_DEPTH = 6


@dataclass(slots=True)
class Seen:
    """One field: in which of the records it is, and with which plain values."""

    path: str
    records: set[int] = field(default_factory=set)
    values: list[Any] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return self.path.count(".")


def look_at(records: Sequence[Raw]) -> list[Seen]:
    """Return the fields of the records that hold a plain value anywhere, at most 400."""
    found: dict[str, Seen] = {}
    for number, record in enumerate(records):
        for path, value in _plain(record, "", 0):
            if path in found or len(found) < MAX_PATHS:
                seen = found.setdefault(path, Seen(path))
                seen.records.add(number)
                seen.values.append(value)
    return list(found.values())


def _plain(value: object, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for name, member in value.items():
            yield from _plain(member, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(value, list) and value and depth < MAX_DEPTH:
        # The first of several stands for all: `target.0.name`.
        yield from _plain(value[0], f"{path}.0", depth + 1)
    elif isinstance(value, str | int | float) and value != "":
        yield path, value
