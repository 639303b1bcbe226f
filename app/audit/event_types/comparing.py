"""Comparing two versions of a type: whether the new one takes whatever the old one took.

The rule is one sentence, and the code below is its cases: an event that fitted the old version
fits the new one. Where that cannot be decided (two different patterns), it counts as broken.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.audit.contract.compiled import KINDS, Part, Schema, compile_schema
from app.audit.contract.pointers import pointer
from app.audit.contract.schema import EVENT_SCHEMA

Path = tuple[str | int, ...]

_LIMITS = (
    ("string", "minLength", "maxLength"),
    ("array", "minItems", "maxItems"),
    ("object", "minProperties", "maxProperties"),
)
_ANYTHING: Schema = {}
_NAME: Schema = {"type": "string"}
# What says something of a field and refuses nothing.
_ABOUT_A_FIELD = frozenset({"description", "title", "x-facet", "x-pii"})


class Effect(StrEnum):
    """What a difference does to whoever sends events of the older version."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was; `pointer` leads to the field of an event."""

    effect: Effect
    pointer: str
    words: str


def compare(old: Schema, new: Schema) -> list[Difference]:
    """Return how one schema of a type differs from an older one, in the order of the fields."""
    return [*_node((), _within_frame(old), _within_frame(new)), *_about(old, new)]


def list_breaks(old: Schema, new: Schema) -> list[Difference]:
    """Return the differences that refuse what was taken before."""
    return [one for one in compare(old, new) if one.effect is Effect.BREAKING]


def _within_frame(schema: Schema) -> Schema:
    """Return the schema with what the frame says of the fields that the type leaves out."""
    properties = {**EVENT_SCHEMA["properties"], **schema.get("properties", {})}
    required = sorted({*EVENT_SCHEMA["required"], *schema.get("required", ())})
    return {**schema, "properties": properties, "required": required, "additionalProperties": False}


def _about(old: Schema, new: Schema) -> Iterator[Difference]:
    for word, label in (("title", "title"), ("description", "description"), ("x-owner", "owner")):
        if old.get(word) != new.get(word):
            yield Difference(Effect.WORDS, "", f"Another {label}.")
    before, after = (one.get("x-retention", "standard") for one in (old, new))
    if before != after:
        yield Difference(Effect.COMPATIBLE, "", f"Kept as {after}, no longer as {before}.")


def _node(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    if old == new:
        return
    yield from _marks(path, old, new)
    listed = _listed(old)
    if listed is not None:
        yield from _listed_before(path, listed, new)
        return
    if _listed(new) is not None:
        yield _difference(Effect.BREAKING, path, "Only listed values are taken now.")
        return
    yield from _taken_kinds(path, old, new)
    yield from _limits(path, old, new)
    yield from _numbers(path, old, new)
    if "string" in _kinds(old):
        yield from _pattern(path, old, new)
    if "array" in _kinds(old):
        yield from _node((*path, "*"), *_inner(old, new, "items", _ANYTHING))
    if "object" in _kinds(old):
        yield from _object(path, old, new)


def _marks(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    if old.get("x-pii") and not new.get("x-pii"):
        yield _difference(Effect.BREAKING, path, "No longer marked as personal.")
    elif new.get("x-pii") and not old.get("x-pii"):
        yield _difference(Effect.COMPATIBLE, path, "Marked as personal.")
    if bool(old.get("x-facet")) != bool(new.get("x-facet")):
        yield _difference(Effect.WORDS, path, "Another choice of facets.")
    if path and old.get("description") != new.get("description"):
        yield _difference(Effect.WORDS, path, "Another description.")


def _listed(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _listed_before(path: Path, listed: list[Any], new: Schema) -> Iterator[Difference]:
    fits = compile_schema(new)
    lost = [value for value in listed if not fits(value)]
    if lost:
        yield _difference(Effect.BREAKING, path, f"No longer takes {_values(lost)}.")
    after = _listed(new)
    if after is None:
        yield _difference(Effect.COMPATIBLE, path, "Takes more than the listed values.")
    elif added := [value for value in after if value not in listed]:
        yield _difference(Effect.COMPATIBLE, path, f"Takes {_values(added)} too.")


def _taken_kinds(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    if lost := _kinds(old) - _kinds(new):
        yield _difference(Effect.BREAKING, path, f"No longer takes {_spoken(lost)}.")
    if gained := _kinds(new) - _kinds(old):
        yield _difference(Effect.COMPATIBLE, path, f"Takes {_spoken(gained)} too.")


def _limits(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    for kind, least, most in _LIMITS:
        if kind in _kinds(old):
            yield from _limit(path, least, (old.get(least, 0), new.get(least, 0)))
            limits = (-old.get(most, math.inf), -new.get(most, math.inf))
            yield from _limit(path, most, limits)


def _limit(path: Path, word: str, limits: tuple[float, float]) -> Iterator[Difference]:
    """Compare two lower limits; upper ones come in with their sign turned."""
    old, new = limits
    if new > old:
        yield _difference(Effect.BREAKING, path, f"{word} is {abs(new):,}, which is tighter.")
    elif new < old:
        limit = "not limited" if math.isinf(new) else f"{abs(new):,}"
        yield _difference(Effect.COMPATIBLE, path, f"{word} is {limit}, which is looser.")


def _numbers(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    if not _kinds(old) & {"integer", "fraction"}:
        return
    for word, sign in (("minimum", 1), ("maximum", -1)):
        before, after = _bound(old, word, sign), _bound(new, word, sign)
        if after > before:
            words = f"The {word} is {_bound_words(after, sign)}, which is tighter."
            yield _difference(Effect.BREAKING, path, words)
        elif after < before:
            words = f"The {word} is {_bound_words(after, sign)}, which is looser."
            yield _difference(Effect.COMPATIBLE, path, words)


def _bound(schema: Schema, word: str, sign: int) -> tuple[float, bool]:
    """Return a lower bound and whether it is exclusive; an upper one with its sign turned."""
    exclusive = f"exclusive{word.capitalize()}"
    bounds = [(-math.inf, False)]
    bounds += [(sign * schema[word], False)] if word in schema else []
    bounds += [(sign * schema[exclusive], True)] if exclusive in schema else []
    return max(bounds)


def _bound_words(bound: tuple[float, bool], sign: int) -> str:
    limit, is_exclusive = bound
    if math.isinf(limit):
        return "not limited"
    return f"{sign * limit:,}{' itself left out' if is_exclusive else ''}"


def _pattern(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = old.get("pattern"), new.get("pattern")
    if after == before:
        return
    if after is None:
        yield _difference(Effect.COMPATIBLE, path, "No pattern any more.")
    else:
        yield _difference(Effect.BREAKING, path, "Another pattern: what it refuses is unknown.")


def _object(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    yield from _required(path, old, new)
    yield from _node((*path, "*"), *_inner(old, new, "propertyNames", _NAME))
    before, after = old.get("properties", {}), new.get("properties", {})
    others = old.get("additionalProperties", True), new.get("additionalProperties", True)
    for name in [*before, *(name for name in after if name not in before)]:
        here = (*path, name)
        was, becomes = before.get(name, others[0]), after.get(name, others[1])
        if was is False:
            yield _difference(Effect.COMPATIBLE, here, "Added.")
        elif becomes is False:
            yield _difference(Effect.BREAKING, here, "Taken away, and no other field is allowed.")
        elif name not in before and _takes_anything(was):
            yield from _named(here, _schema(becomes))
        else:
            yield from _node(here, _schema(was), _schema(becomes))
    was, becomes = others
    if was is False and becomes is not False:
        yield _difference(Effect.COMPATIBLE, path, "Other fields are allowed.")
    elif becomes is False and was is not False:
        yield _difference(Effect.BREAKING, path, "Other fields are no longer allowed.")
    elif was is not False:
        yield from _node((*path, "*"), _schema(was), _schema(becomes))


def _named(path: Path, becomes: Schema) -> Iterator[Difference]:
    """Compare a field that nothing was said of, where any could be sent."""
    yield from _marks(path, _ANYTHING, becomes)
    if not becomes.keys() <= _ABOUT_A_FIELD:
        words = "Anything could be sent here before; now it is held to a form."
        yield _difference(Effect.BREAKING, path, words)


def _takes_anything(part: Part) -> bool:
    return part is True or part == {}


def _required(path: Path, old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(after - before):
        yield _difference(Effect.BREAKING, (*path, name), "Required now.")
    for name in sorted(before - after):
        yield _difference(Effect.COMPATIBLE, (*path, name), "No longer required.")


def _inner(old: Schema, new: Schema, word: str, without: Schema) -> tuple[Schema, Schema]:
    return _schema(old.get(word, without)), _schema(new.get(word, without))


def _schema(part: Part) -> Schema:
    """Return `true` as the schema that takes anything; `items: false` takes nothing."""
    if isinstance(part, bool):
        return _ANYTHING if part else {"enum": []}
    return part


def _kinds(schema: Schema) -> set[str]:
    """Return the kinds of value that are taken; a number is a whole one or a fraction."""
    kinds = schema.get("type", tuple(KINDS))
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found - {"number"} | {"integer", "fraction"} if "number" in found else found


def _difference(effect: Effect, path: Path, words: str) -> Difference:
    return Difference(effect, pointer(path), words)


def _spoken(kinds: set[str]) -> str:
    return " and ".join(sorted(kinds))


def _values(values: list[Any]) -> str:
    return ", ".join(str(value)[:40] for value in values[:5])
