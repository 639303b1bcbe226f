"""Sending several events at once."""

import json
from uuid import UUID, uuid4

import pytest

from tests.audit.sending import Sender, an_event

LINES = "application/x-ndjson"


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


def ids_of(*events):
    return {UUID(event["id"]) for event in events}


def test_batch_is_stored_in_full(sender):
    events = [an_event() for _ in range(3)]

    answer = sender.post(events)

    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["stored"], body["duplicates"], body["rejected"]) == (3, 0, 0)
    assert [result["index"] for result in body["results"]] == [0, 1, 2]
    assert sender.stored(*ids_of(*events)) == ids_of(*events)


def test_bad_event_keeps_no_good_one_out(sender):
    good, bad, other = an_event(), an_event(action="Opened"), an_event()

    answer = sender.post([good, bad, other])

    assert answer.status_code == 207
    body = answer.get_json()
    assert [result["status"] for result in body["results"]] == ["stored", "rejected", "stored"]
    assert body["results"][1]["errors"][0]["pointer"] == "/action"
    assert "id" not in body["results"][1]
    assert (body["stored"], body["rejected"]) == (2, 1)
    assert sender.stored(*ids_of(good, bad, other)) == ids_of(good, other)


def test_events_sent_before_or_twice_count_as_duplicates(sender):
    known, new = an_event(), an_event()
    sender.post(known)

    answer = sender.post([known, new, new])

    assert answer.status_code == 200
    statuses = [result["status"] for result in answer.get_json()["results"]]
    assert statuses == ["duplicate", "stored", "duplicate"]


def test_id_in_capitals_is_the_same_id(sender):
    event = an_event()

    answer = sender.post([event, {**event, "id": event["id"].upper()}])

    assert answer.get_json()["duplicates"] == 1


@pytest.mark.parametrize("kind", [LINES, "application/jsonl"])
def test_lines_are_a_batch(sender, kind):
    events = [an_event(), an_event(reason="line\u2028separator")]
    body = "\n\n".join(json.dumps(event, ensure_ascii=False) for event in events) + "\r\n"

    answer = sender.post(body.encode(), content_type=kind)

    assert answer.status_code == 200
    assert answer.get_json()["stored"] == 2
    assert sender.stored(*ids_of(*events)) == ids_of(*events)


def test_line_that_is_no_json_is_rejected_alone_and_named(sender):
    event = an_event()

    answer = sender.post(f"{{oops\n{json.dumps(event)}\n", content_type=LINES)

    assert answer.status_code == 207
    first, second = answer.get_json()["results"]
    assert (first["status"], second["status"]) == ("rejected", "stored")
    assert "line 1, column 2" in first["errors"][0]["detail"]


def test_batch_of_nothing_but_rejects_is_answered_item_by_item(sender):
    answer = sender.post([{}, 3, None, [an_event()]])

    assert answer.status_code == 207
    assert answer.get_json()["rejected"] == 4


def test_empty_list_stores_nothing_and_empty_lines_are_an_error(sender):
    assert sender.post([]).get_json() == {
        "results": [],
        "stored": 0,
        "duplicates": 0,
        "rejected": 0,
    }
    assert sender.post("\n\n", content_type=LINES).status_code == 400


def test_thousand_events_are_stored_and_one_more_is_too_many(sender):
    events = [an_event() for _ in range(1_001)]

    assert sender.post(events).status_code == 413
    assert not sender.stored(*ids_of(*events))
    assert sender.post(events[:1_000]).get_json()["stored"] == 1_000


def test_batch_sent_again_with_its_idempotency_key_stores_nothing(sender):
    events = [an_event(), an_event()]
    for event in events:
        del event["id"]
    key = str(uuid4())

    first = sender.post(events, Idempotency_Key=key).get_json()
    again = sender.post(events, Idempotency_Key=key).get_json()

    assert (first["stored"], again["stored"], again["duplicates"]) == (2, 0, 2)
    assert [one["id"] for one in first["results"]] == [one["id"] for one in again["results"]]
    assert len({one["id"] for one in first["results"]}) == 2
