"""What no schema can say of a value: numbers without limits, depth, size.

The walks are loops, not recursions, so that what is sent cannot exhaust the stack.
"""

import math
from typing import Any

from app.audit.contract.pointers import pointer
from app.kernel.problems import FieldProblem

MAX_DEPTH = 12
MAX_PARTS = 10_000
# Beyond this, programs that read JSON numbers as doubles disagree about the value (RFC 8259, 6).
MAX_INTEGER = 2**53 - 1

Path = tuple[str | int, ...]


def find_unfit_content(value: object, path: Path = ()) -> FieldProblem | None:
    """Return the first part of a JSON value that cannot be kept as it is, or None.

    `path` is where the value lies in the event.
    """
    waiting: list[tuple[Path, Any]] = [(path, value)]
    seen = 1
    while waiting:
        path, part = waiting.pop()
        detail = _objection(part, len(path))
        if detail is not None:
            return FieldProblem(pointer(path), detail)
        if isinstance(part, dict | list):
            seen += len(part)
            # Before they are looked at: nobody should pay for a million of them.
            if seen > MAX_PARTS:
                return FieldProblem("", f"An event has {MAX_PARTS:,} parts at most; this has more.")
            members = part.items() if isinstance(part, dict) else enumerate(part)
            waiting.extend(((*path, name), member) for name, member in members)
    return None


def is_flat(metadata: dict[str, Any]) -> bool:
    """Say at once that metadata has no depth and no number to look at; False means: look."""
    for member in metadata.values():
        kind = type(member)
        if kind is str or kind is bool or member is None:
            continue
        if kind is int and -MAX_INTEGER <= member <= MAX_INTEGER:
            continue
        return False
    return True


def _objection(part: object, depth: int) -> str | None:
    if isinstance(part, dict | list) and depth >= MAX_DEPTH:
        return _TOO_DEEP
    if isinstance(part, int) and abs(part) > MAX_INTEGER:
        return "This number is beyond ±9,007,199,254,740,991; send it as text."
    if isinstance(part, float) and not math.isfinite(part):
        return "This number is too large; send it as text."
    return None


_TOO_DEEP = f"Nested deeper than {MAX_DEPTH} levels; send it flatter, or as text."
