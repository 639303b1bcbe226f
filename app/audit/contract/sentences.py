"""Turning what the schema machine found into sentences, each at the field it is about."""

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from jsonschema import ValidationError

from app.audit.contract.pointers import pointer
from app.kernel.problems import FieldProblem

_SHOWN = 60
_LISTED = 12
_MISSING = "This field is missing."

_TYPE_WORDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}

_PATTERN_WORDS = {
    "id": "This must be a UUID, such as 0193a1c2-5b7e-7c11-9d2f-3f6f0a1b2c3d.",
    "occurred_at": "This must be a time with its zone, such as 2026-03-14T09:26:53Z.",
    "action": "This must be object.verb_past in lower case, such as invoice.approved.",
}


def field_problems(error: ValidationError) -> Iterator[FieldProblem]:
    """Yield what one finding of the schema machine means to whoever sent the event."""
    path = list(error.absolute_path)
    instance, wanted = _parts(error)
    if error.validator == "required":
        missing = [name for name in wanted if name not in instance]
        yield from (FieldProblem(pointer([*path, name]), _MISSING) for name in missing)
    elif error.validator == "additionalProperties":
        known = cast("dict[str, Any]", error.schema).get("properties", {})
        unknown = [name for name in instance if name not in known]
        yield from (FieldProblem(pointer([*path, name]), _unknown(name, known)) for name in unknown)
    elif "propertyNames" in error.absolute_schema_path:
        yield FieldProblem(pointer([*path, str(instance)]), f"A name: {_sentence(error)}")
    else:
        yield FieldProblem(pointer(path), _sentence(error))


def _parts(error: ValidationError) -> tuple[Any, Any]:
    """Return what was sent, and what the contract's keyword says about it."""
    return error.instance, error.validator_value


def _unknown(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name[:_SHOWN], known, n=1)
    if close:
        return f"There is no such field. Did you mean {close[0]}?"
    return f"There is no such field; the fields here are {', '.join(known)}."


def _sentence(error: ValidationError) -> str:
    keyword = str(error.validator)
    words = _SENTENCES.get(keyword)
    return words(error) if words else "This does not fit the contract."


def _type(error: ValidationError) -> str:
    _, wanted = _parts(error)
    names = wanted if isinstance(wanted, list) else [wanted]
    return f"This must be {' or '.join(_TYPE_WORDS[name] for name in names)}."


def _enum(error: ValidationError) -> str:
    instance, wanted = _parts(error)
    if len(wanted) == 1:
        return f"This must be {_spelt(wanted[0])}, not {_shown(instance)}."
    listed = ", ".join(map(_spelt, wanted[:_LISTED]))
    more = " …" if len(wanted) > _LISTED else ""
    return f"This must be one of {listed}{more}, not {_shown(instance)}."


def _pattern(error: ValidationError) -> str:
    path = error.absolute_path
    words = _PATTERN_WORDS.get(str(path[0])) if len(path) == 1 else None
    meaning = cast("dict[str, Any]", error.schema).get("description")
    return words or (
        f"This has the wrong form: {meaning}" if meaning else "This has the wrong form."
    )


def _const(error: ValidationError) -> str:
    instance, wanted = _parts(error)
    return f"This must be {_spelt(wanted)}, not {_shown(instance)}."


def _spelt(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _bound(words: str) -> Callable[[ValidationError], str]:
    return lambda error: f"This must be {words} {_parts(error)[1]:,}."


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = ascii(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _limit(words: str) -> Callable[[ValidationError], str]:
    def sentence(error: ValidationError) -> str:
        instance, limit = _parts(error)
        if limit == 1 and not instance:
            return "This may not be empty."
        return words.format(limit=f"{limit:,}", found=f"{len(instance):,}")

    return sentence


_SENTENCES: dict[str, Callable[[ValidationError], str]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "minimum": _bound("at least"),
    "maximum": _bound("at most"),
    "exclusiveMinimum": _bound("more than"),
    "exclusiveMaximum": _bound("less than"),
    "pattern": _pattern,
    "maxLength": _limit("This may be {limit} characters long; it is {found}."),
    "minLength": _limit("This must be {limit} characters or more; it is {found}."),
    "maxItems": _limit("There may be {limit} of these; there are {found}."),
    "maxProperties": _limit("There may be {limit} fields here; there are {found}."),
    "minItems": _limit("There must be {limit} of these or more; there are {found}."),
    "minProperties": _limit("There must be {limit} fields here or more; there are {found}."),
}
