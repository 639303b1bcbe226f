"""Whatever is sent on purpose: kept so that nothing obeys it, or refused with what to do."""

import gzip
import json
import tracemalloc
import unicodedata
import zlib
from uuid import UUID

import pytest

from app.identity.roles import Role
from tests.audit.sending import Sender, an_event

JSON, LINES = "application/json", "application/x-ndjson"
MEGABYTE = 1024 * 1024
DEEP = '{"a":' * 1_000 + "1" + "}" * 1_000

# What stands in the place of an event's metadata, and what its sender is told about it.
REFUSED = {
    "NUL as a bare byte": ('{"a": "b\x00c"}', "cannot be read: invalid control character"),
    "nested 1,000 deep": (DEEP, "flatter"),
    "nested 100,000 deep": ("[" * 100_000 + "]" * 100_000, "flatter"),
    "NaN": ('{"a": NaN}', "NaN is not a JSON value; leave the field out, or send null"),
    "Infinity": ('{"a": -Infinity}', "leave the field out"),
    "a number beyond every double": ('{"a": 1e999}', "too large; send it as text"),
    "a number of 5,000 digits": (f'{{"a": {"9" * 5_000}}}', "send it as text"),
    "a whole number that doubles lose": ('{"a": 9007199254740993}', "send it as text"),
    "a name twice": ('{"a": 1, "a": 2}', "'a' appears twice in one object; send it once"),
    "a name twice, spelt differently": ('{"a": 1, "\\u0061": 2}', "send it once"),
    "4 MB of text": (json.dumps({"a": "x" * 4 * MEGABYTE}), "This may be 16,384 bytes as JSON"),
    "20,000 parts": (json.dumps({"a": [0] * 20_000}), "10,000 parts at most"),
    "a million names": (json.dumps({f"k{n}": 0 for n in range(100_000)}), "10,000 parts at most"),
}

# What a sender may pass on from strangers, and what the log keeps of it.
KEPT = {
    "NUL": ("a\x00b", "a\\u0000b"),
    "half a surrogate pair": ("a\ud800b", "a\\ud800b"),
    "the other half": ("\udfff", "\\udfff"),
    "an escape sequence": ("\x1b[2J\x1b]0;owned\x07", "\\u001b[2J\\u001b]0;owned\\u0007"),
    "a line that is no line": ("ok\r\n2026-03-14 root: all is well", None),
    "text turned round": ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
    "a line separator": ("a\u2028b", "a\\u2028b"),
    "a whole surrogate pair": ("\U0001f6aa", "\U0001f6aa"),
}


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


def event_text(metadata="{}", **changes):
    """Return an event as JSON text whose metadata is not JSON that Python would write."""
    whole = json.dumps(an_event(**changes))
    return f'{whole[:-1]}, "metadata": {metadata}}}'


def unseen(text):
    """Return what of a text a reader cannot see and a machine may obey."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl")} - set("\n\t\r")


@pytest.mark.parametrize(("metadata", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_value_is_answered_with_what_to_do(sender, alder, metadata, words):
    answer = sender.post(event_text(metadata))

    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    details = [body["detail"], *(error["detail"] for error in body.get("errors", []))]
    assert any(words in detail for detail in details), details
    assert len(answer.data) < 4_000
    assert alder.log("door.opened") == []


@pytest.mark.parametrize(("metadata", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_line_keeps_its_neighbours_in(sender, metadata, words):
    before, after = an_event(), an_event()
    body = f"{json.dumps(before)}\n{event_text(metadata)}\n{json.dumps(after)}\n"

    answer = sender.post(body.encode(), content_type=LINES)

    assert answer.status_code == 207
    first, second, third = answer.get_json()["results"]
    assert [first["status"], third["status"]] == ["stored", "stored"]
    assert words in second["errors"][0]["detail"]
    assert second["quarantine"]
    ids = {UUID(event["id"]) for event in (before, after)}
    assert sender.stored(*ids) == ids


@pytest.mark.parametrize(("sent", "kept"), KEPT.values(), ids=KEPT.keys())
def test_unseen_characters_are_kept_written_out(sender, alder, sent, kept):
    kept = kept or sent.replace("\r", "\\u000d").replace("\n", "\\u000a")
    event = an_event(
        actor={"type": "person", "id": sent, "name": sent},
        targets=[{"type": "door", "id": sent}],
        source={"user_agent": sent},
        changes={sent: {"after": sent}},
        metadata={sent: [sent]},
    )

    assert sender.post(event).status_code == 201

    stored = alder.log("door.opened")[-1]
    assert (stored.actor_id, stored.actor_name, stored.user_agent) == (kept, kept, kept)
    assert (stored.target_id, stored.target_name) == (kept, kept)
    assert list(stored.changes) == list(stored.extra) == [kept]


@pytest.mark.parametrize("sent", [sent for sent, _ in KEPT.values()], ids=KEPT.keys())
def test_no_page_holds_what_cannot_be_seen(sender, alder, sent):
    ident = UUID(sender.post(an_event(actor={"type": "person", "id": sent})).get_json()["id"])
    refused = sender.post([an_event(action="Opened", reason=sent)]).get_json()["results"][0]
    owner = alder.as_person(Role.OWNER)

    for place in (
        "audit-log",
        f"audit-log/{ident}",
        "quarantine",
        f"quarantine/{refused['quarantine']}",
    ):
        assert unseen(owner.get(f"{alder.path}/{place}").text) == set(), place


def test_log_cannot_be_given_lines_of_its_own(sender, caplog):
    """What is written about a request holds nothing that was sent in it."""
    forged = "x\nERROR root: the seal is broken"
    sender.post(an_event(reason=forged, actor={"type": "person", "id": forged}))
    sender.post(f'{{"{forged}"')
    sender.post(an_event(), Idempotency_Key="forged")

    assert "the seal is broken" not in caplog.text


@pytest.mark.parametrize("kind", [JSON, LINES])
@pytest.mark.parametrize("is_packed", [False, True])
def test_text_of_ten_megabytes_is_too_large_and_says_so(sender, kind, is_packed):
    body = json.dumps(an_event(reason="x" * 10 * MEGABYTE)).encode()
    headers = {"Content_Encoding": "gzip"} if is_packed else {}

    answer = sender.post(gzip.compress(body) if is_packed else body, kind, **headers)

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
    assert "5 MB, unpacked. Send fewer events at a time" in answer.get_json()["detail"]


def test_long_text_within_the_limit_is_measured_and_its_neighbour_stored(sender):
    events = [an_event(reason="x" * (4 * MEGABYTE)), an_event()]

    results = sender.post(events).get_json()["results"]

    assert [one["status"] for one in results] == ["rejected", "stored"]
    assert results[0]["errors"] == [
        {"pointer": "/reason", "detail": "This may be 1,000 characters long; it is 4,194,304."}
    ]


def bomb(megabytes):
    """Return so much of nothing, packed to a thousandth."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    blank = b" " * MEGABYTE
    return b"".join([*(packer.compress(blank) for _ in range(megabytes)), packer.flush()])


@pytest.mark.parametrize("parts", [1, 3])
def test_gzip_bomb_is_refused_before_it_goes_off(sender, parts):
    """A third of a gigabyte arrives in a few hundred kilobytes, and is unpacked to 5 MB of it."""
    packed = bomb(300 // parts) * parts
    assert len(packed) < MEGABYTE
    tracemalloc.start()
    try:
        answer = sender.post(packed, Content_Encoding="gzip")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert answer.status_code == 413
    assert "unpacked" in answer.get_json()["detail"]
    assert peak < 20 * MEGABYTE


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("9999-12-31T23:59:59Z", "from 1970 to 2200"),
        ("2200-12-31T23:59:59Z", "check the sender's clock"),
        ("0001-01-01T00:00:00Z", "from 1970 to 2200"),
        ("10000-01-01T00:00:00Z", "such as 2026-03-14T09:26:53Z"),
        ("2026-03-14T09:26:60Z", "no such date or time"),
    ],
)
def test_time_that_cannot_be_is_refused_with_what_can(sender, moment, words):
    (error,) = sender.post(an_event(occurred_at=moment)).get_json()["errors"]

    assert error["pointer"] == "/occurred_at"
    assert words in error["detail"]
