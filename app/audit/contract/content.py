"""What no schema can say of a value: text that cannot be stored, numbers, depth.

The walk is a loop, not a recursion, so that what is sent cannot exhaust the stack.
"""

import math
from typing import Any

from app.audit.contract.pointers import pointer
from app.kernel.problems import FieldProblem
from app.kernel.untrusted_text import is_storable

MAX_DEPTH = 12
MAX_PARTS = 10_000
# Beyond this, programs that read JSON numbers as doubles disagree about the value (RFC 8259, 6).
MAX_INTEGER = 2**53 - 1

Path = tuple[str | int, ...]


def find_unfit_content(value: object) -> FieldProblem | None:
    """Return the first part of a JSON value that cannot be kept as it is, or None."""
    waiting: list[tuple[Path, Any]] = [((), value)]
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


def _objection(part: object, depth: int) -> str | None:
    if isinstance(part, dict | list) and depth >= MAX_DEPTH:
        return _TOO_DEEP
    if isinstance(part, str) and not is_storable(part):
        return _UNSTORABLE
    if isinstance(part, dict) and not all(map(is_storable, part)):
        return f"A name in here: {_UNSTORABLE}"
    if isinstance(part, int) and abs(part) > MAX_INTEGER:
        return "This number is beyond ±9,007,199,254,740,991; send it as text."
    if isinstance(part, float) and not math.isfinite(part):
        return "This number is too large; send it as text."
    return None


_UNSTORABLE = "Text may not hold a NUL character or half of a surrogate pair."
_TOO_DEEP = f"Nested deeper than {MAX_DEPTH} levels; send it flatter, or as text."
