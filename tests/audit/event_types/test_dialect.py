"""What a schema of an event type may say, and what its author is told."""

import pytest
from hypothesis import given, settings

from app.audit.event_types.dialect import list_schema_problems
from app.audit.event_types.event_type import EventType, Origin
from app.audit.event_types.samples import list_sample_problems
from app.audit.event_types.starting import starting_schema
from tests.audit.event_types.schemas import VALUES, schema_for


def problems_of(schema):
    return {problem.pointer: problem.detail for problem in list_schema_problems(schema)}


def test_what_people_begin_with_is_valid():
    assert problems_of(starting_schema()) == {}
    kind = EventType("invoice.approved", 1, starting_schema(), Origin.TENANT)
    assert list_sample_problems(kind) == []


@pytest.mark.parametrize(
    ("part", "pointer", "words"),
    [
        ({"$ref": "#/x"}, "/$ref", "not part of the dialect"),
        ({"anyOf": []}, "/anyOf", "not part of the dialect"),
        ({"maxLength": 3}, "/maxLength", "which type"),
        ({"type": "integer", "maxLength": 3}, "/maxLength", "for string"),
        ({"type": "string", "maxLength": -1}, "/maxLength", "whole number"),
        ({"type": "string", "maxLength": True}, "/maxLength", "whole number"),
        ({"type": "text"}, "/type", "one of object"),
        ({"type": []}, "/type", "one of object"),
        ({"enum": []}, "/enum", "1 to 200"),
        ({"enum": [[1]]}, "/enum", "Only text"),
        ({"type": "number", "minimum": "1"}, "/minimum", "a number"),
        ({"type": "object", "properties": []}, "/properties", "an object"),
        ({"type": "object", "required": ["a", "a"]}, "/required", "each once"),
        ({"type": "string", "pattern": "^a$"}, "/pattern", "maxLength beside it"),
        ({"type": "string", "maxLength": 9, "pattern": "^(a+)+$"}, "/pattern", "no group"),
        ({"type": "string", "maxLength": 9, "pattern": 3}, "/pattern", "text"),
        ({"x-pii": "yes"}, "/x-pii", "true or false"),
        ({"x-owner": "me"}, "/x-owner", "not part of the dialect"),
        ({"type": "array", "items": 3}, "/items", "JSON object"),
        ({"title": "x" * 121}, "/title", "120 characters"),
    ],
)
def test_part_that_is_not_understood_is_named(part, pointer, words):
    here = "/properties/metadata/properties/n"
    whole = {"type": "object", "properties": {"n": part}}

    problems = problems_of(schema_for(metadata=whole))

    assert list(problems) == [here + pointer]
    assert words in problems[here + pointer]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"x-owner": None}, "/x-owner"),
        ({"x-retention": "for ever"}, "/x-retention"),
        ({"x-major": 0}, "/x-major"),
        ({"x-major": 1.5}, "/x-major"),
        ({"type": "array"}, "/type"),
        ({"examples": []}, "/examples"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "/$schema"),
        ({"additionalProperties": False}, "/additionalProperties"),
        ({"required": ["amount"]}, "/properties/amount"),
        ({"properties": {"id": {}}}, "/properties/id"),
    ],
)
def test_root_that_is_no_event_type_is_named(change, pointer):
    assert pointer in problems_of({**schema_for(), **change})


def test_schema_without_end_is_refused_and_costs_little():
    deep = part = {"type": "object"}
    for _ in range(200):
        part["properties"] = {"a": {"type": "object"}}
        part = part["properties"]["a"]
    wide = {"type": "object", "properties": {f"f{n}": {} for n in range(5_000)}}

    assert any("Nested" in words for words in problems_of(schema_for(metadata=deep)).values())
    assert list(problems_of(schema_for(metadata=wide)).values()) == [
        "A schema has 300 parts at most."
    ]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(value=VALUES)
def test_whatever_is_sent_is_answered(value):
    assert isinstance(list_schema_problems(value), list)
    assert isinstance(list_schema_problems({**starting_schema(), "properties": value}), list)


@pytest.mark.parametrize(
    ("sample", "pointer"),
    [
        ({"metadata": {"amount": "12"}}, "/examples/0/metadata/amount"),
        ({"action": "invoice.paid"}, "/examples/0/action"),
        ({"actor": {"type": "person"}}, "/examples/0/actor/id"),
    ],
)
def test_sample_that_does_not_fit_is_named(sample, pointer):
    schema = starting_schema()
    schema["examples"][0] |= sample
    problems = list_sample_problems(EventType("invoice.approved", 1, schema, Origin.TENANT))

    assert pointer in [problem.pointer for problem in problems]
