"""Reading single fields of a record in which anything may be missing or of another type."""

import hashlib
from collections.abc import Mapping
from typing import Any

MAX_ID, MAX_NAME = 512, 256
_CUT_ID = 440


def mapping(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object in the record; an empty one for anything else."""
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def text(record: Mapping[str, Any], name: str, *, cut_to: int | None = None) -> str | None:
    """Return a text in the record, or None for an empty one and for anything else."""
    value = record.get(name)
    return value[:cut_to] if isinstance(value, str) and value else None


def fit_id(value: str) -> str:
    """Return an id that the contract takes: a longer one is cut and told apart by its hash."""
    if len(value) <= MAX_ID:
        return value
    return f"{value[:_CUT_ID]}…{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()}"


def compact(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields without those that are None."""
    return {name: value for name, value in fields.items() if value is not None}
