"""What may not leave does not, neither in the content nor in the schema."""

import json

import pytest

from app.gateway.choices.policy import Choice
from app.gateway.choices.service import update_egress
from app.gateway.egress import FieldGroup, count_redactions, narrowed, without
from app.kernel.ids import uuid7
from app.kernel.problems import InvalidInput
from app.summaries.claims.contract import Answer, answer_schema
from tests.fakes import model_server as fake
from tests.gateway.digests import USUAL

FIRST = Choice("first", "scripted")
# A value of each group that stands in the usual digest.
SAMPLES = {
    FieldGroup.ACTORS: "A1",
    FieldGroup.ACTIONS: "session.started",
    FieldGroup.TARGETS: "R1",
    FieldGroup.ADDRESSES: "I1",
    FieldGroup.TIMES: "T08:00:00",
}


@pytest.mark.parametrize("group", list(SAMPLES))
def test_what_may_not_leave_is_in_no_byte_that_is_sent(caller, endpoints, group):
    call_id = uuid7()
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        caller.run(update_egress, "first", frozenset({group}))
        caller.complete(call_id)

    sent = first.requests[0].body
    instructions, content = (message["content"] for message in sent["messages"])
    schema = json.dumps(sent["response_format"])
    assert SAMPLES[group] not in content + schema
    assert caller.row(call_id).withheld == [group.value]
    kept = [message["content"] for message in caller.words(call_id).messages]
    assert kept == [instructions, content]


def test_outcomes_are_withheld_with_the_numbers_that_tell_them():
    content = json.dumps(without(USUAL.as_json(), frozenset({FieldGroup.OUTCOMES})))

    assert "success" not in content
    assert '"failed": null' in content
    assert "failures" not in content


def test_question_leaves_without_the_tokens_that_may_not():
    content = USUAL.as_json() | {"focus": "Did A1 or A12 come from I1 and touch R1? B1"}

    kept = without(content, frozenset({FieldGroup.ACTORS, FieldGroup.ADDRESSES}))

    assert kept["focus"] == "Did … or … come from … and touch R1? B1"
    assert without(content, frozenset({FieldGroup.TIMES}))["focus"] == content["focus"]


def test_everything_may_leave_unless_somebody_says_otherwise(caller, endpoints):
    call_id = uuid7()
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        caller.complete(call_id)

    assert json.loads(first.requests[0].body["messages"][1]["content"]) == USUAL.as_json()
    assert caller.row(call_id).withheld == []


def test_group_that_lost_a_value_is_exact_no_more():
    content = without(USUAL.as_json(), frozenset({FieldGroup.ADDRESSES}))

    assert [group["exact"] for group in content["groups"]] == [False, False]
    assert [group["ip"] for group in content["groups"]] == [None, None]


def test_list_of_what_is_withheld_is_empty():
    content = without(USUAL.as_json(), frozenset({FieldGroup.ACTIONS}))

    assert content["absent"] == []


def test_answer_can_name_nothing_of_what_is_withheld():
    schema = narrowed(answer_schema(USUAL), frozenset({FieldGroup.ACTORS}))

    assert schema["properties"]["claims"]["items"]["properties"]["actor"]["enum"] == [None]
    assert answer_schema(USUAL) != schema


def test_rule_of_one_endpoint_does_not_bind_another(caller, endpoints):
    call_id = uuid7()
    with fake.ModelServer(fake.error(401)) as first, fake.ModelServer(fake.right()) as second:
        endpoints(first=first, second=second)
        caller.choose(FIRST, Choice("second", "scripted"))
        caller.run(update_egress, "first", frozenset({FieldGroup.ACTORS}))
        completion = caller.complete(call_id)

    assert Answer.from_json(completion.data).claims[0].actor == "A2"
    sent = [server.requests[0].body["messages"][1]["content"] for server in (first, second)]
    assert ["A1" in content for content in sent] == [False, True]
    kept = caller.words(call_id).messages
    assert [(one["content"], one.get("endpoint")) for one in kept[1:]] == [
        (sent[0], None),
        (sent[1], "second"),
    ]


def test_changed_rule_does_not_make_a_known_call_another(caller, endpoints):
    call_id = uuid7()
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        completion = caller.complete(call_id)
        caller.run(update_egress, "first", frozenset({FieldGroup.ACTORS}))
        assert caller.complete(call_id) == completion

    assert len(first.requests) == 1


@pytest.mark.parametrize("name", ["nobody", "extractive", ""])
def test_rule_needs_an_endpoint_that_something_leaves_for(caller, endpoints, name):
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        with pytest.raises(InvalidInput):
            caller.run(update_egress, name, frozenset())


def test_ledger_counts_what_stands_in_place_of_names(caller):
    call_id = uuid7()
    caller.complete(call_id)

    assert caller.row(call_id).redactions == {
        "actors": 2,
        "addresses": 1,
        "events": 7,
        "groups": 2,
        "targets": 1,
    }


def test_masks_are_counted_too():
    assert count_redactions({"a": "key [secret] and [secret]", "b": ["A1", "A1", "A2", "B1"]}) == {
        "actors": 2,
        "secrets": 2,
    }
