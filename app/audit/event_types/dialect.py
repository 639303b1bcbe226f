"""The dialect in which event types are written: a plain part of JSON Schema 2020-12.

Plain on purpose. It can be compiled to run in microseconds, two versions can be compared without
guessing, nothing in it takes for ever or fetches anything, and a person reads it as a table.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.audit.contract.compiled import KINDS
from app.audit.contract.pointers import pointer
from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.event_types.event_type import RETENTION_CLASSES
from app.audit.event_types.patterns import MAX_TEXT, PatternRefused, check_pattern
from app.kernel.problems import FieldProblem

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
MAX_NODES: Final = 300
MAX_DEPTH: Final = 10
MAX_LISTED: Final = 200
MAX_SAMPLES: Final = 5
MAX_MAJOR: Final = 999
MAX_LIMIT: Final = 1_000_000

# What a type may speak of; the rest of the frame is the same for every event.
FIELDS: Final = frozenset(EVENT_SCHEMA["properties"]) - {
    "action",
    "event_type_version",
    "id",
    "occurred_at",
}

_WORDS: Final = {"title": 120, "description": 1_000}
_MARKS: Final = ("x-facet", "x-pii")
_ROOT_ONLY: Final = frozenset(
    {"$id", "$schema", "examples", "x-major", "x-owner", "x-retention"},
)
# Which keyword is for which kind of value.
_KEYWORDS: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("additionalProperties", "maxProperties", "minProperties", "properties"),
        frozenset({"object"}),
    ),
    **dict.fromkeys(("propertyNames", "required"), frozenset({"object"})),
    **dict.fromkeys(("items", "maxItems", "minItems"), frozenset({"array"})),
    **dict.fromkeys(("maxLength", "minLength", "pattern"), frozenset({"string"})),
    **dict.fromkeys(
        ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum"),
        frozenset({"number", "integer"}),
    ),
}
_PLAIN: Final = frozenset({"const", "enum", "type", *_WORDS, *_MARKS})
_LENGTHS: Final = frozenset(
    {"maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"}
)
_BOUNDS: Final = frozenset({"exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum"})

Path = tuple[str | int, ...]


def list_schema_problems(schema: object) -> list[FieldProblem]:
    """Return what keeps a JSON value from being the schema of an event type, with pointers."""
    if not isinstance(schema, dict):
        return [FieldProblem("", "A schema is a JSON object.")]
    return list(_root(schema)) + list(_Walk().node((), schema))


def _root(schema: dict[str, Any]) -> Iterator[FieldProblem]:
    if schema.get("$schema", DIALECT) != DIALECT:
        yield FieldProblem("/$schema", f"Write {DIALECT}, or leave it out.")
    if schema.get("type") != "object":
        yield FieldProblem("/type", 'An event is an object: write "type": "object".')
    for word in ("title", "x-owner"):
        text = schema.get(word)
        if not isinstance(text, str) or not text.strip() or len(text) > _WORDS["title"]:
            yield FieldProblem(f"/{word}", f"This is needed: 1 to {_WORDS['title']} characters.")
    if schema.get("x-retention", "standard") not in RETENTION_CLASSES:
        yield FieldProblem("/x-retention", f"This is one of {', '.join(RETENTION_CLASSES)}.")
    if not _is_count(schema.get("x-major", 1), MAX_MAJOR) or schema.get("x-major", 1) == 0:
        yield FieldProblem("/x-major", f"This is a whole number from 1 to {MAX_MAJOR}.")
    samples = schema.get("examples")
    if not isinstance(samples, list) or not 1 <= len(samples) <= MAX_SAMPLES:
        yield FieldProblem("/examples", f"Give 1 to {MAX_SAMPLES} whole events of this type.")
    if "additionalProperties" in schema or "propertyNames" in schema:
        word = "additionalProperties" if "additionalProperties" in schema else "propertyNames"
        yield FieldProblem(f"/{word}", "The frame says which fields an event has; leave this out.")
    # What is no name at all is refused where names are listed.
    required = (name for name in _list(schema.get("required")) if isinstance(name, str))
    for name in sorted({*_mapping(schema.get("properties")), *required} - FIELDS):
        detail = f"A type speaks of {', '.join(sorted(FIELDS))}; your own fields are in metadata."
        yield FieldProblem(pointer(["properties", name]), detail)


class _Walk:
    """Walks every part of a schema; counts, so that nobody pays for a giant one."""

    def __init__(self) -> None:
        self.nodes = 0

    def node(self, path: Path, schema: object) -> Iterator[FieldProblem]:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            if self.nodes == MAX_NODES + 1:
                yield FieldProblem(pointer(path), f"A schema has {MAX_NODES} parts at most.")
            return
        if not isinstance(schema, dict):
            yield FieldProblem(pointer(path), "This part is a JSON object too.")
            return
        if len(path) > 2 * MAX_DEPTH:
            yield FieldProblem(pointer(path), f"Nested deeper than {MAX_DEPTH} levels.")
            return
        yield from _keywords(path, schema)
        yield from _values(path, schema)
        yield from _text(path, schema)
        yield from self.inner(path, schema)

    def inner(self, path: Path, schema: dict[str, Any]) -> Iterator[FieldProblem]:
        for name, part in _mapping(schema.get("properties")).items():
            yield from self.node((*path, "properties", name), part)
        for word in ("items", "additionalProperties", "propertyNames"):
            part = schema.get(word, True)
            if not isinstance(part, bool) or (word == "propertyNames" and word in schema):
                yield from self.node((*path, word), part)


def _keywords(path: Path, schema: dict[str, Any]) -> Iterator[FieldProblem]:
    kinds = _kinds(schema)
    for word, value in schema.items():
        here = pointer((*path, word))
        if word in _PLAIN or (word in _ROOT_ONLY and not path):
            detail = _plain_objection(word, value)
        elif word not in _KEYWORDS:
            detail = f"{word[:60]} is not part of the dialect that event types are written in."
        elif "type" not in schema:
            detail = "Say beside it which type the value has."
        elif not kinds & _KEYWORDS[word]:
            detail = f"This is for {' or '.join(sorted(_KEYWORDS[word]))}, and no such is allowed."
        else:
            detail = _keyword_objection(word, value)
        if detail is not None:
            yield FieldProblem(here, detail)


def _plain_objection(word: str, value: object) -> str | None:
    if word in _WORDS and not (isinstance(value, str) and len(value) <= _WORDS[word]):
        return f"This is text of {_WORDS[word]:,} characters at most."
    if word in _MARKS and not isinstance(value, bool):
        return "This is true or false."
    if word == "type" and not _is_type(value):
        return f"This is one of {', '.join(KINDS)}, or a list of some."
    return None


def _keyword_objection(word: str, value: object) -> str | None:
    if word in _LENGTHS and not _is_count(value, MAX_LIMIT):
        return f"This is a whole number from 0 to {MAX_LIMIT:,}."
    if word in _BOUNDS and not _is_number(value):
        return "This is a number."
    if word == "properties" and not isinstance(value, dict):
        return "This is an object: a part for each name."
    if word == "required" and not (
        _is_list_of_text(value) and len(set(_list(value))) == len(_list(value))
    ):
        return "This is a list of names, each once."
    return None


def _values(path: Path, schema: dict[str, Any]) -> Iterator[FieldProblem]:
    for word in ("enum", "const"):
        if word not in schema:
            continue
        listed = schema[word] if word == "enum" else [schema[word]]
        if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_LISTED:
            yield FieldProblem(
                pointer((*path, word)), f"This is a list of 1 to {MAX_LISTED} values."
            )
        elif not all(isinstance(one, str | bool | None) or _is_number(one) for one in listed):
            detail = "Only text, numbers, true, false and null can be listed."
            yield FieldProblem(pointer((*path, word)), detail)


def _text(path: Path, schema: dict[str, Any]) -> Iterator[FieldProblem]:
    pattern = schema.get("pattern")
    if pattern is None:
        return
    here = pointer((*path, "pattern"))
    longest = schema.get("maxLength")
    if not isinstance(pattern, str):
        yield FieldProblem(here, "A pattern is text.")
    elif not isinstance(longest, int) or not _is_count(longest, MAX_TEXT):
        yield FieldProblem(here, f"A pattern needs a maxLength beside it, {MAX_TEXT:,} at most.")
    else:
        try:
            check_pattern(pattern, longest)
        except PatternRefused as refused:
            yield FieldProblem(here, str(refused))


def _kinds(schema: dict[str, Any]) -> set[str]:
    kinds = schema.get("type", [])
    return (
        {kinds} if isinstance(kinds, str) else {one for one in _list(kinds) if isinstance(one, str)}
    )


def _is_type(value: object) -> bool:
    kinds = [value] if isinstance(value, str) else value
    return _is_list_of_text(kinds) and bool(kinds) and set(_list(kinds)) <= set(KINDS)


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_count(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]  # a number by now


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
