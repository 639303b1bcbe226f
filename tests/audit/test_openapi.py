"""The description of the API for programs."""

import pytest
from jsonschema import Draft202012Validator

from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.openapi import openapi_document

ADDRESS = "/api/v1/openapi.json"
EVENTS = "/api/v1/events"


@pytest.fixture
def document():
    return openapi_document()


def resolve(document, ref):
    value = document
    for part in ref.removeprefix("#/").split("/"):
        value = value[part]
    return value


def walk(value):
    yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from walk(inner)


def test_document_is_there_for_everybody(app, document):
    answer = app.test_client().get(ADDRESS)

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.get_json() == document
    assert answer.get_json()["openapi"] == "3.1.0"


def test_every_reference_leads_somewhere(document):
    refs = [part["$ref"] for part in walk(document) if isinstance(part, dict) and "$ref" in part]

    assert refs
    assert all(resolve(document, ref) for ref in refs)


def test_event_is_the_contract_itself(document):
    event = document["components"]["schemas"]["Event"]

    assert event["properties"] == EVENT_SCHEMA["properties"]


def test_every_schema_is_valid(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_example_fits_its_schema(document):
    content = [part for part in walk(document) if isinstance(part, dict) and "examples" in part]
    checked = 0
    for part in content:
        if "schema" not in part:
            continue
        schema = {**part["schema"], "components": document["components"]}
        for example in part["examples"].values():
            Draft202012Validator(schema).validate(example["value"])
            checked += 1
    assert checked >= 5


def test_every_answer_of_the_door_is_described(document):
    described = document["paths"][EVENTS]["post"]["responses"]

    assert {"200", "201", "207", "400", "401", "403", "413", "415", "422", "429"} <= set(described)
