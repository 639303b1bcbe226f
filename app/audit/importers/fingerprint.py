"""Ids for records that bring none of ours: the same record always gets the same one."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

_NAMESPACE = UUID("6f2f9f0e-6d0b-5c56-9a55-0b6a5a0a5b11")


def id_of_record(format_name: str, raw: Mapping[str, Any]) -> str:
    """Return an id that follows from the whole record: alike in every field is the same event."""
    spelled = json.dumps(raw, sort_keys=True, separators=(",", ":"))
    return str(uuid5(_NAMESPACE, f"{format_name}:{spelled}"))


def id_of_name(format_name: str, *names: str) -> str:
    """Return an id that follows from what the other system calls the record."""
    if len(names) == 1 and (own := find_uuid(names[0])):
        return own
    return str(uuid5(_NAMESPACE, f"{format_name}#{json.dumps(names)}"))


def find_uuid(spelled: str | None) -> str | None:
    """Return a UUID as the contract writes it, or None for what is none."""
    try:
        return str(UUID(spelled or ""))
    except ValueError:
        return None
