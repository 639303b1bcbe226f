"""Whether a new version takes what the old one took."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.contract.compiled import compile_schema
from app.audit.event_types.comparing import Effect, _node, compare, list_breaks
from tests.audit.event_types.schemas import (
    LISTED,
    MANY_VALUES,
    NUMBERS,
    OBJECTS,
    SCHEMAS,
    STRINGS,
    schema_for,
)

TEXT = {"type": "string", "maxLength": 9}
CLOSED = {"type": "object", "properties": {"a": TEXT}, "additionalProperties": False}


def effects(old, new):
    """Return the effects of changing the part `a` of the metadata."""
    before, after = (
        schema_for(metadata={"type": "object", "properties": {"a": part}}) for part in (old, new)
    )
    return {(one.effect, one.pointer) for one in compare(before, after)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TEXT, {"type": ["string", "null"], "maxLength": 9}),
        (TEXT, {"type": "string", "maxLength": 10}),
        (TEXT, {"type": "string"}),
        ({"enum": ["x"]}, {"enum": ["x", "y"]}),
        ({"enum": ["x"]}, {"type": "string"}),
        ({"type": "integer"}, {"type": "number"}),
        ({"type": "number", "minimum": 1}, {"type": "number", "exclusiveMinimum": 0}),
        ({"type": "string", "maxLength": 9, "pattern": "^a$"}, TEXT),
        ({"type": "object", "required": ["b"]}, {"type": "object"}),
        (CLOSED, {**CLOSED, "properties": {"a": TEXT, "b": TEXT}}),
        (CLOSED, {**CLOSED, "additionalProperties": True}),
        (TEXT, {**TEXT, "x-pii": True}),
        ({"type": "array", "items": TEXT}, {"type": "array"}),
    ],
)
def test_loosening_is_compatible(old, new):
    assert {effect for effect, _ in effects(old, new)} == {Effect.COMPATIBLE}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": ["string", "null"]}, {"type": "string"}),
        (TEXT, {"type": "integer"}),
        (TEXT, {"type": "string", "maxLength": 8}),
        (TEXT, {**TEXT, "minLength": 1}),
        (TEXT, {**TEXT, "pattern": "^a$"}),
        ({**TEXT, "pattern": "^a$"}, {**TEXT, "pattern": "^b$"}),
        ({"enum": ["x", "y"]}, {"enum": ["x"]}),
        ({"type": "string"}, {"enum": ["x"]}),
        ({"type": "number"}, {"type": "integer"}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 1}),
        ({"type": "integer"}, {"type": "integer", "maximum": 9}),
        ({"type": "object"}, {"type": "object", "required": ["b"]}),
        (CLOSED, {**CLOSED, "properties": {}}),
        ({"type": "object"}, {"type": "object", "additionalProperties": False}),
        # What was open could hold anything under that name.
        ({"type": "object"}, {"type": "object", "properties": {"b": TEXT}}),
        ({"type": "array"}, {"type": "array", "items": TEXT}),
        ({**TEXT, "x-pii": True}, TEXT),
    ],
)
def test_tightening_breaks(old, new):
    assert Effect.BREAKING in {effect for effect, _ in effects(old, new)}


def test_field_that_a_type_begins_to_speak_of_is_compared_with_the_frame():
    old = schema_for()
    tighter = {**old["properties"], "reason": {"type": "string", "maxLength": 10}}
    same = {**old["properties"], "reason": {"type": "string", "maxLength": 1_000}}

    assert [one.pointer for one in list_breaks(old, {**old, "properties": tighter})] == ["/reason"]
    assert list_breaks(old, {**old, "properties": same}) == []


def test_words_are_no_matter_for_senders():
    old = schema_for()
    new = {**old, "title": "Opened", "x-owner": "others"}

    assert {one.effect for one in compare(old, new)} == {Effect.WORDS}
    assert compare(old, old) == []


def test_retention_and_places_are_told():
    old, new = schema_for(), schema_for(**{"x-retention": "security"})

    assert [one.words for one in compare(old, new)] == ["Kept as security, no longer as standard."]
    assert (Effect.BREAKING, "/metadata/a") in effects(TEXT, {"type": "integer"})


def parts_of(schema):
    """Return every part of a schema that is a schema itself."""
    inner = [*schema.get("properties", {}).values(), schema.get("items")]
    inner += [schema.get("additionalProperties"), schema.get("propertyNames")]
    return [schema, *(one for part in inner if isinstance(part, dict) for one in parts_of(part))]


@st.composite
def versions(draw, schemas):
    """Two schemas that differ in a few words, as versions do."""
    old = draw(schemas)
    new = copy.deepcopy(old)
    for _ in range(draw(st.integers(1, 3))):
        part = draw(st.sampled_from(parts_of(new)))
        if part and draw(st.booleans()):
            del part[draw(st.sampled_from(sorted(part)))]
        else:
            other = copy.deepcopy(draw(schemas))
            word = draw(st.sampled_from(sorted(other) or ["title"]))
            part.update({word: other.get(word, "Another")})
    return old, new


@pytest.mark.parametrize("schemas", [SCHEMAS, STRINGS, NUMBERS, LISTED | STRINGS, OBJECTS])
@settings(max_examples=250, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_called_compatible_takes_all_that_was_taken(schemas, data):
    """The rules may refuse too much; they must never let a breaking change through."""
    old, new = data.draw(versions(schemas))
    if any(one.effect is Effect.BREAKING for one in _node((), old, new)):
        return
    took, takes = compile_schema(old), compile_schema(new)
    for value in MANY_VALUES:
        assert not took(value) or takes(value), (old, new, value)
