"""Taking a long JSON list apart without holding it: one element at a time."""

import json
import re
from collections.abc import Iterator
from typing import IO

_CHUNK = 256 * 1024
_BETWEEN = re.compile(r"[\s,]*")
_LENIENT = json.JSONDecoder()


class ListBroken(Exception):
    """The list cannot be followed any further."""


def split_list(begun: str, file: IO[str], longest: int) -> Iterator[str]:
    """Yield the text of each element of a JSON list, up to the bracket that closes it.

    `begun` is what has been read behind the opening bracket. Raises `ListBroken` where an
    element is no JSON, or has more than `longest` characters: where the next one begins can
    then not be told.
    """
    held = begun
    while True:
        held = held[_BETWEEN.match(held).end() :]  # type: ignore[union-attr]  # matches always
        if held.startswith("]"):
            return
        end = _end_of_value(held)
        if end is not None:
            yield held[:end]
            held = held[end:]
            continue
        more = file.read(_CHUNK) if len(held) <= longest else ""
        if not more:
            raise ListBroken
        held += more


def _end_of_value(held: str) -> int | None:
    """Return where the value ends that the text begins with; None when it does not end here."""
    try:
        return _LENIENT.raw_decode(held)[1]
    except (ValueError, RecursionError):
        return None
