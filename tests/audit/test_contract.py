"""What an event may be, and what its sender is told when it is not."""

import datetime as dt
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from app.audit.contract.schema import EVENT_SCHEMA
from app.audit.contract.validate import read_event
from app.audit.event import Party
from app.kernel import clock
from app.kernel.problems import InvalidInput

FULL = EVENT_SCHEMA["examples"][0]
LEAST = {
    "occurred_at": "2026-03-14T09:26:53Z",
    "actor": {"type": "person", "id": "u-1"},
    "action": "door.opened",
}


def problems_of(event):
    with pytest.raises(InvalidInput) as caught:
        read_event(event)
    return {problem.pointer: problem.detail for problem in caught.value.errors}


def nested(depth):
    value = "core"
    for _ in range(depth):
        value = {"in": value}
    return value


def test_contract_is_valid_json_schema():
    Draft202012Validator.check_schema(EVENT_SCHEMA)


def test_example_of_the_contract_is_read_in_full():
    draft = read_event(FULL)

    assert draft.id == UUID(FULL["id"])
    assert draft.occurred_at == dt.datetime(2026, 3, 14, 9, 26, 53, 589_000, dt.UTC)
    assert draft.actor == Party("person", "u-1042", "Ines Okafor")
    assert draft.targets == (Party("invoice", "inv-7781", "Invoice 7781"),)
    assert (draft.source_ip, draft.request_id) == ("203.0.113.7", "9f2c1d")
    assert draft.changes == {"status": {"before": "draft", "after": "approved"}}
    assert draft.metadata == {"amount": 1250.5, "currency": "EUR"}


def test_least_event_gets_an_id_success_and_its_ids_as_names():
    draft = read_event(LEAST)

    assert draft.id.version == 7
    assert draft.outcome == "success"
    assert draft.actor.name == "u-1"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-14T10:26:53+01:00", "2026-03-14T09:26:53+00:00"),
        ("2026-03-14t09:26:53.123456789z", "2026-03-14T09:26:53.123456+00:00"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_times_are_kept_in_utc(written, meant):
    assert read_event({**LEAST, "occurred_at": written}).occurred_at.isoformat() == meant


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-03-14T09:26:53", "with its zone"),
        ("2026-03-14", "with its zone"),
        ("yesterday", "with its zone"),
        ("2026-03-14T09:26:53Z\n", "with its zone"),
        ("٢٠٢٦-03-14T09:26:53Z", "with its zone"),
        ("2026-02-30T09:26:53Z", "no such date"),
        ("2026-03-14T25:26:53Z", "no such date"),
        ("2026-03-14T09:26:53+24:00", "no such date"),
        ("9999-12-31T23:59:59Z", "from 1970 to 2200"),
        ("0001-01-01T00:00:00+14:00", "from 1970 to 2200"),
        ("1970-01-01T00:00:00+14:00", "from 1970 to 2200"),
    ],
)
def test_time_that_is_none_is_refused(written, words):
    assert words in problems_of({**LEAST, "occurred_at": written})["/occurred_at"]


def test_event_of_the_day_after_tomorrow_is_refused_and_of_tonight_is_not():
    soon = clock.now() + dt.timedelta(hours=23)
    later = clock.now() + dt.timedelta(hours=25)

    read_event({**LEAST, "occurred_at": soon.isoformat()})
    problems = problems_of({**LEAST, "occurred_at": later.isoformat()})

    assert problems == {
        "/occurred_at": "This lies more than 24 hours in the future; check the sender's clock."
    }


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"action": "Opened"}, "/action", "object.verb_past"),
        ({"action": "door.opened\n"}, "/action", "object.verb_past"),
        ({"action": "door." + "o" * 120}, "/action", "120 characters"),
        ({"actor": {"type": "robot", "id": "r"}}, "/actor/type", "one of person, service"),
        ({"actor": {"type": "person"}}, "/actor/id", "missing"),
        ({"actor": {"type": "person", "id": ""}}, "/actor/id", "empty"),
        ({"actor": {"type": "person", "id": "x" * 513}}, "/actor/id", "512 characters"),
        ({"actor": "me"}, "/actor", "an object"),
        ({"outcome": "ok"}, "/outcome", "success, failure, denied"),
        ({"ocurred": 1}, "/ocurred", "Did you mean occurred_at?"),
        ({"a/b~c": 1}, "/a~1b~0c", "no such field"),
        ({"targets": [{"type": "door", "id": "1"}] * 21}, "/targets", "there are 21"),
        ({"targets": [{"type": "door"}]}, "/targets/0/id", "missing"),
        ({"source": {"ip": "10.0.0.0/8"}}, "/source/ip", "IPv4 or IPv6"),
        ({"source": {"ip": "fe80::1%eth0"}}, "/source/ip", "IPv4 or IPv6"),
        ({"changes": {"a": {"before": [1]}}}, "/changes/a/before", "text or a number"),
        ({"changes": {"a": {}}}, "/changes/a", "empty"),
        ({"changes": {f"f{n}": {"after": 1} for n in range(51)}}, "/changes", "there are 51"),
        ({"metadata": dict.fromkeys(map(str, range(51)), 1)}, "/metadata", "there are 51"),
        ({"metadata": {"big": "x" * 17_000}}, "/metadata", "16,384 bytes"),
        ({"metadata": {"n": 2**53}}, "/metadata/n", "as text"),
        ({"metadata": {"n": float("inf")}}, "/metadata/n", "as text"),
        ({"metadata": nested(20)}, "/metadata" + "/in" * 11, "12 levels"),
        ({"metadata": {"many": [0] * 10_001}}, "", "10,000 parts"),
        ({"id": "7"}, "/id", "UUID"),
        ({"id": "0193a1c2-5b7e-7c11-9d2f-3f6f0a1b2c3d\n"}, "/id", "UUID"),
    ],
)
def test_field_that_does_not_fit_is_named_in_plain_words(change, pointer, words):
    problems = problems_of({**LEAST, **change})

    assert list(problems) == [pointer]
    assert words in problems[pointer]


def test_every_missing_field_is_named_once():
    assert list(problems_of({})) == ["/occurred_at", "/actor", "/action"]


@pytest.mark.parametrize("value", [None, 3, "event", [], [LEAST], True])
def test_what_is_no_object_is_no_event(value):
    assert problems_of(value) == {"": "This must be an object."}


def test_numbers_and_booleans_that_changed_are_kept_as_text():
    event = {**LEAST, "changes": {"seats": {"before": 5, "after": 7.5}, "on": {"after": True}}}

    assert read_event(event).changes == {
        "seats": {"before": "5", "after": "7.5"},
        "on": {"before": None, "after": "true"},
    }


def test_refusal_repeats_little_of_what_was_sent():
    problems = problems_of({**LEAST, "outcome": "x" * 100_000, "y" * 100_000: 1})

    assert sum(map(len, problems)) + sum(map(len, problems.values())) < 1_000
