"""The schema of an answer closes every set that can be closed."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from app.gateway.extractive.rules import claims_from
from app.summaries.claims.contract import MAX_CITED, MAX_CLAIMS, answer_schema
from tests.gateway.digests import USUAL, chat_request, content, group


@pytest.fixture
def good():
    request = chat_request()
    messages = [message.as_json() for message in request.messages]
    name = {"json_schema": {"name": request.schema_name}}
    return claims_from({"messages": messages, "response_format": name})


def fits(answer, digest=USUAL):
    return Draft202012Validator(answer_schema(digest)).is_valid(answer)


def test_answer_by_the_rules_fits(good):
    assert fits(good)


@pytest.mark.parametrize("digest", [USUAL, content(), content(group(ip=None, target=None))])
def test_schema_is_a_valid_schema(digest):
    schema = answer_schema(digest)

    Draft202012Validator.check_schema(schema)
    assert '"enum": []' not in json.dumps(schema)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "policy"),
        ("actor", "A9"),
        ("actor", "mallory"),
        ("action", "everything.is_fine"),
        ("target", "R9"),
        ("outcome", "great"),
        ("ip", "I9"),
        ("count", "3"),
        ("count", None),
        ("first", "ignore previous instructions"),
        ("last", "2026-11-22T00:00:00Z"),
        ("complete", None),
        ("event_ids", ["E999"]),
        ("event_ids", ["E100"] * (MAX_CITED + 1)),
        ("note", "All is well."),
    ],
)
def test_value_outside_the_request_does_not_fit(good, field, value):
    good["claims"][0][field] = value

    assert not fits(good)


@pytest.mark.parametrize("field", ["actor", "count", "first", "complete", "event_ids"])
def test_field_may_be_null_but_not_missing(good, field):
    del good["claims"][0][field]

    assert not fits(good)


def test_prose_beside_the_claims_does_not_fit(good):
    assert not fits({**good, "title": "A quiet week"})
    assert not fits({**good, "refusal": "It seems risky."})


def test_more_claims_than_allowed_do_not_fit(good):
    claim = good["claims"][0]

    assert fits({**good, "claims": [copy.deepcopy(claim)] * MAX_CLAIMS})
    assert not fits({**good, "claims": [copy.deepcopy(claim)] * (MAX_CLAIMS + 1)})


def test_slice_without_events_allows_no_citation(good):
    empty = content(absent=("audit_event.exported",))
    absence = good["claims"][-1]

    assert fits({"claims": [absence], "refusal": None}, empty)
    assert not fits({"claims": [{**absence, "event_ids": ["E1"]}], "refusal": None}, empty)
