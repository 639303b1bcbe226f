"""Reading JSON of a stranger: nothing that two readers could understand differently."""

import json
from typing import Any, NoReturn

from app.audit.proof.verifier.report import Unreadable

MOST_LINE_BYTES = 8_000_000


def read_object(line: bytes, where: str) -> dict[str, Any]:
    """Return the JSON object of a line; raises `Unreadable`, naming the place."""
    try:
        value = _DECODER.decode(line.decode())
    except (ValueError, RecursionError):
        raise Unreadable(f"{where} is no JSON that can be read.") from None
    if not isinstance(value, dict):
        raise Unreadable(f"{where} is no JSON object.")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name appears twice")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)
