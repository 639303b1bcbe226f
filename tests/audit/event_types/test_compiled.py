"""The fast machine and the thorough one agree on every value."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.contract.compiled import compile_schema
from app.audit.contract.machine import list_problems, make_validator
from app.audit.contract.schema import EVENT_SCHEMA, EVENT_VALIDATOR, fits_frame
from tests.audit.event_types.schemas import SCHEMAS, VALUES

MANY = settings(max_examples=600, deadline=None, derandomize=True)


@MANY
@given(schema=SCHEMAS, values=st.lists(VALUES, min_size=1, max_size=6))
def test_both_say_the_same_of_any_schema(schema, values):
    fits, validator = compile_schema(schema), make_validator(schema)
    for value in values:
        assert fits(value) == (not list_problems(validator, value)), (schema, value)


@MANY
@given(data=st.data())
def test_both_say_the_same_of_events_with_something_wrong(data):
    event = copy.deepcopy(EVENT_SCHEMA["examples"][0])
    place = event
    for _ in range(3):
        name = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[name], dict) or data.draw(st.booleans()):
            break
        place = place[name]
    change = data.draw(st.sampled_from(["delete", "replace", "add"]))
    if change == "delete":
        place.pop(name)
    else:
        place[name if change == "replace" else "other"] = data.draw(VALUES)

    assert fits_frame(event) == (not list_problems(EVENT_VALIDATOR, event))


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"enum": [1]}, True, False),
        ({"enum": [True]}, 1, False),
        ({"enum": [1]}, 1.0, True),
        ({"type": "integer"}, 2.0, True),
        ({"type": "integer"}, 2.5, False),
        ({"type": "number"}, True, False),
        ({"const": None}, None, True),
        ({"const": None}, 0, False),
        ({"type": "string", "maxLength": 9, "pattern": "^a$"}, "a\n", False),
        ({"type": "string", "maxLength": 9, "pattern": r"^\d$"}, "٣", False),
    ],
)
def test_corners(schema, value, fits):
    assert compile_schema(schema)(value) is fits
    assert (not list_problems(make_validator(schema), value)) is fits
