"""Sending one event."""

import gzip
import json
from uuid import UUID, uuid4

import pytest

from tests.audit.sending import EVENTS, Sender, an_event

JSON = "application/json"
PROBLEM = "application/problem+json"
MEGABYTE = 1024 * 1024


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


def test_event_that_is_acknowledged_is_in_the_log(sender):
    event = an_event()

    answer = sender.post(event)

    assert answer.status_code == 201
    assert answer.get_json() == {"id": event["id"], "status": "stored"}
    assert sender.stored(UUID(event["id"]))


def test_event_without_an_id_gets_one(sender):
    event = an_event()
    del event["id"]

    answer = sender.post(event)

    assert answer.status_code == 201
    assert sender.stored(UUID(answer.get_json()["id"]))


def test_same_event_again_is_a_duplicate_and_no_error(sender):
    event = an_event()
    sender.post(event)

    answer = sender.post(event)

    assert answer.status_code == 200
    assert answer.get_json() == {"id": event["id"], "status": "duplicate"}


def test_same_id_in_another_tenant_is_another_event(sender, app, birch):
    event = an_event()
    sender.post(event)

    answer = Sender(app, birch.tenant).post(event)

    assert answer.status_code == 201


def test_same_idempotency_key_is_the_same_event(sender):
    event = an_event()
    del event["id"]
    key = str(uuid4())

    first = sender.post(event, Idempotency_Key=key)
    again = sender.post(event, Idempotency_Key=key)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["id"] == again.get_json()["id"]


def test_idempotency_key_of_one_tenant_says_nothing_in_another(sender, app, birch):
    event = an_event()
    del event["id"]
    key = str(uuid4())
    sender.post(event, Idempotency_Key=key)

    assert Sender(app, birch.tenant).post(event, Idempotency_Key=key).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_idempotency_key_must_be_of_some_use(sender, key):
    assert sender.post(an_event(), Idempotency_Key=key).status_code == 400


def test_event_that_does_not_fit_is_answered_with_the_fields(sender):
    answer = sender.post(an_event(action="Opened", source={"ip": "here"}))

    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    body = answer.get_json()
    assert body["type"] == "urn:ballast:problem:invalid-input"
    assert [error["pointer"] for error in body["errors"]] == ["/action"]


def test_event_of_the_year_9999_is_refused_clearly(sender):
    answer = sender.post(an_event(occurred_at="9999-01-01T00:00:00Z"))

    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [
        {"pointer": "/occurred_at", "detail": "The year must be from 1970 to 2200."}
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{\n "id": oops}', "line 2, column 8"),
        ("", "empty"),
        ("  \n", "empty"),
        ('{"id": NaN}', "NaN"),
        ('{"a": 1, "a": 2}', "twice"),
        ("9" * 5_000, "too many digits"),
        (b'{"id": "\xff"}', "not UTF-8"),
    ],
)
def test_body_that_cannot_be_read_is_answered_with_the_place(sender, body, words):
    answer = sender.post(body)

    assert (answer.status_code, answer.content_type) == (400, PROBLEM)
    assert words in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        "[" * 1_000,
        '{"a":' * 1_000 + "1" + "}" * 1_000,
        '{"a":' * 900 + "1" + "}" * 900,
        json.dumps(an_event())[:-1] + ', "metadata": ' + '{"a":' * 100 + "1" + "}" * 101,
        "[" * 100_000 + "]" * 100_000,
    ],
)
def test_json_nested_without_end_is_refused(sender, body):
    assert sender.post(body).status_code in {400, 422}


@pytest.mark.parametrize("body", ["3", '"event"', "null", "true"])
def test_json_that_is_no_object_is_no_event(sender, body):
    assert sender.post(body).status_code == 422


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "text/csv", ""])
def test_other_kinds_of_content_are_refused(sender, kind):
    answer = sender.post(an_event(), content_type=kind)

    assert answer.status_code == 415
    assert "application/x-ndjson" in answer.headers["Accept-Post"]


def test_kind_may_name_its_character_set(sender):
    assert sender.post(an_event(), content_type=f"{JSON}; charset=utf-8").status_code == 201


def test_packed_body_is_unpacked(sender):
    packed = gzip.compress(json.dumps(an_event()).encode())

    assert sender.post(packed, Content_Encoding="gzip").status_code == 201


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (gzip.compress(b"[" + b" " * 6 * MEGABYTE + b"]", mtime=0), "gzip", 413),
        (gzip.compress(b"", mtime=0) * 100, "gzip", 400),
        (gzip.compress(b"[1, 2, 3]", mtime=0)[:-9], "gzip", 400),
        (b"[]", "gzip", 400),
        (b"[]", "br", 415),
        (b"[" + b" " * (5 * MEGABYTE) + b"]", "identity", 413),
        (b"[" + b" " * (7 * MEGABYTE) + b"]", "identity", 413),
    ],
)
def test_body_too_large_or_packed_wrongly_is_refused(sender, body, encoding, status):
    answer = sender.post(body, Content_Encoding=encoding)

    assert (answer.status_code, answer.content_type) == (status, PROBLEM)


def test_key_is_needed(app, alder):
    client = app.test_client()

    assert client.post(EVENTS, json=an_event()).status_code == 401
    wrong = {"Authorization": f"Bearer ballast_{alder.tenant.slug}.{uuid4().hex}.x"}
    assert client.post(EVENTS, json=an_event(), headers=wrong).status_code == 401


def test_what_is_stored_is_neither_replaced_nor_deleted(app):
    for method in ("PUT", "PATCH", "DELETE"):
        answer = app.test_client().open(EVENTS, method=method)

        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]
