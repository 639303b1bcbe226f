"""A schema as a table that people read: a row for each field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_LIMITS = (
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} of them"),
    ("maxItems", "at most {} of them"),
    ("minProperties", "at least {} fields"),
    ("maxProperties", "at most {} fields"),
    ("minimum", "from {}"),
    ("exclusiveMinimum", "more than {}"),
    ("maximum", "to {}"),
    ("exclusiveMaximum", "less than {}"),
    ("pattern", "like {}"),
)


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One field of an event: where it stands, what it may be, and what is said of it."""

    path: str
    kind: str
    is_required: bool
    limits: str
    marks: str
    description: str


def list_fields(schema: Mapping[str, Any]) -> list[SchemaField]:
    """Return the fields that a schema speaks of, each below the one that holds it."""
    return list(_members("", schema))


def _members(path: str, schema: Mapping[str, Any]) -> Iterator[SchemaField]:
    required = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        yield from _field(f"{path}.{name}" if path else name, part, is_required=name in required)
    other = schema.get("additionalProperties")
    if isinstance(other, dict):
        yield from _field(f"{path}.*", other, is_required=False)


def _field(path: str, part: Mapping[str, Any], *, is_required: bool) -> Iterator[SchemaField]:
    yield SchemaField(
        path,
        _kind(part),
        is_required,
        _limits(part),
        ", ".join(words for mark, words in _MARKS.items() if part.get(mark)),
        part.get("description", ""),
    )
    yield from _members(path, part)
    items = part.get("items")
    if isinstance(items, dict):
        yield from _field(f"{path}[]", items, is_required=False)


def _kind(part: Mapping[str, Any]) -> str:
    kinds = part.get("type")
    if isinstance(kinds, list):
        return " or ".join(kinds)
    return kinds or ("one of a list" if "enum" in part or "const" in part else "anything")


def _limits(part: Mapping[str, Any]) -> str:
    words = [text.format(part[word]) for word, text in _LIMITS if word in part]
    if "const" in part:
        words.append(f"always {part['const']}")
    if "enum" in part:
        words.append(f"one of {', '.join(map(str, part['enum']))}")
    if part.get("additionalProperties") is False:
        words.append("no other fields")
    return "; ".join(words)


_MARKS = {"x-pii": "personal", "x-facet": "facet"}
