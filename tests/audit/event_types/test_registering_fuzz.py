"""Whatever is registered, the door answers: it never breaks, and what it takes can be used."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.audit.event_types.event_type import EventType, Origin, make_contract
from tests.audit.event_types.keeping import Keeper
from tests.audit.event_types.schemas import SCHEMAS, VALUES
from tests.audit.event_types.test_registering import door

BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ANYTHING = VALUES | st.text(st.characters(exclude_categories=()), max_size=6) | st.integers()


@pytest.fixture
def keeper(app, alder):
    return Keeper(app, alder.tenant)


def places(value, path=()):
    """Yield the path to every part of a JSON value."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, name))


def with_part(schema, path, part):
    """Return the schema with another part in one place."""
    changed = copy.deepcopy(schema)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = part
    return changed


@BOUNDED
@given(body=ANYTHING.filter(lambda body: body is not None))
def test_any_json_is_answered(keeper, body):
    assert keeper.post(body).status_code in {400, 422}


@BOUNDED
@given(path=st.sampled_from(list(places(door()))), part=ANYTHING | SCHEMAS)
def test_schema_with_anything_in_one_place_is_taken_or_refused(keeper, path, part):
    answer = keeper.post({"action": "door.opened", "schema": with_part(door(), path, part)})

    assert answer.status_code in {201, 409, 422}, answer.text
    if answer.status_code == 422:
        assert answer.get_json()["errors"] or answer.get_json()["detail"]


@BOUNDED
@given(action=st.text(st.characters(exclude_categories=()), max_size=12))
def test_any_action_is_answered(keeper, action):
    assert keeper.post({"action": action, "schema": door()}).status_code in {409, 422}


@BOUNDED
@given(metadata=SCHEMAS, value=VALUES)
def test_what_is_taken_judges_any_value_in_both_machines_alike(keeper, metadata, value):
    answer = keeper.post({"action": "door.opened", "schema": door(metadata, **{"x-major": 1})})
    if answer.status_code != 201:
        return
    contract = make_contract(EventType("door.opened", 1, door(metadata), Origin.TENANT))
    event = {**door()["examples"][0], "metadata": value}

    assert contract.fits(event) == contract.validator.is_valid(event)
