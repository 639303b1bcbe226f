"""Reading single fields of a record in which anything may be missing or of another type."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.audit.contract.content import find_unfit_content

MAX_ID, MAX_NAME = 512, 256
_CUT_ID = 440
# As much metadata as surely fits into the 16 KB of an event, whatever its names weigh.
MAX_METADATA = 14_000
MAX_MEMBERS = 48
_CUT_VALUE = 1_000
_NAMED_LEFT_OUT = 20

Raw = Mapping[str, Any]


def at(record: object, path: str) -> Any:  # noqa: ANN401  JSON is whatever the sender made it
    """Return what stands at a dotted path, or None: `actor.id`, `target.0.name`.

    Names that have a dot themselves (the column `user.name`) are found too.
    """
    # Dictionaries first, and by their own type: this is the innermost loop of an import.
    if isinstance(record, dict):
        if path in record:
            return record[path]
        head, dot, rest = path.partition(".")
        while dot:
            if head in record and (found := at(record[head], rest)) is not None:
                return found
            more, dot, rest = rest.partition(".")
            head = f"{head}.{more}"
        return None
    if isinstance(record, list):
        head, _, rest = path.partition(".")
        if head.isdecimal() and int(head) < len(record):
            return at(record[int(head)], rest) if rest else record[int(head)]
    return None


def mapping(record: Raw, name: str) -> Raw:
    """Return an object in the record; an empty one for anything else."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def text(record: Raw, name: str, *, cut_to: int | None = None) -> str | None:
    """Return a text in the record, or None for an empty one and for anything else."""
    value = record.get(name)
    return value[:cut_to] if isinstance(value, str) and value else None


def objects(record: Raw, name: str) -> Iterator[Raw]:
    """Yield the objects of a list in the record."""
    value = record.get(name)
    for member in value if isinstance(value, list) else ():
        if isinstance(member, dict):
            yield member


def words(value: object) -> str | None:
    """Return a plain value as text; None for an empty one, for objects and for lists."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def first_words(record: Raw, paths: Sequence[str]) -> str | None:
    """Return the first plain value at the paths that is not empty, as text."""
    for path in paths:
        found = words(at(record, path))
        if found is not None:
            return found
    return None


def fit_id(value: str) -> str:
    """Return an id that the contract takes: a longer one is cut and told apart by its hash."""
    if len(value) <= MAX_ID:
        return value
    return f"{value[:_CUT_ID]}…{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()}"


def party(kind: str, ident: str | None, name: str | None) -> dict[str, str] | None:
    """Return a target in the form of the contract, or None for one without id and name."""
    known = ident or name
    if known is None:
        return None
    return {"type": kind[:64], "id": fit_id(known), "name": (name or known)[:MAX_NAME]}


def compact(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields without those that are None."""
    return {name: value for name, value in fields.items() if value is not None}


def fit_metadata(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return as many of the members as an event takes, in their order; names what is left out.

    A value that the contract does not take (nested too deeply, a number beyond what programs
    agree about) is kept as its JSON text, cut.
    """
    kept: dict[str, Any] = {}
    left_out: list[str] = []
    room = MAX_METADATA
    for name, value in members.items():
        if value is None or value in ("", [], {}):
            continue
        label, fitted = name[:128], _fitted(value)
        size = len(json.dumps({label: fitted}))
        if label and size <= room and len(kept) < MAX_MEMBERS:
            kept[label] = fitted
            room -= size
        else:
            left_out.append(name[:40])
    if left_out:
        more = f" and {len(left_out) - _NAMED_LEFT_OUT} more"
        names = ", ".join(left_out[:_NAMED_LEFT_OUT])
        kept["left_out"] = names + (more if len(left_out) > _NAMED_LEFT_OUT else "")
    return kept


def _fitted(value: Any) -> Any:  # noqa: ANN401  JSON is whatever the sender made it
    # Metadata is the second level of an event already.
    if find_unfit_content(value, ("metadata", "value")) is None:
        return value
    return json.dumps(value)[:_CUT_VALUE]
