"""Uploading a file, seeing what it becomes, and importing it in the background."""

import gzip
import io
import json
import re

import pytest

from app.audit.ingest.imports.settings import IMPORT_MB
from tests.audit.sending import an_event

TABLE = (
    "Time,User,Action,Document\n"
    "14/03/2026 09:26:53,ann@example.org,Opened,Ledger\n"
    "14/03/2026 09:27:53,ben@example.org,Shared,Ledger\n"
    "yesterday,ben@example.org,Shared,Ledger\n"
)


@pytest.fixture
def owner(alder):
    return alder.as_person("owner")


def send_file(visitor, world, content, name="events.jsonl", expect=200):
    values = {
        "csrf_token": visitor.token(),
        "file": (io.BytesIO(content.encode() if isinstance(content, str) else content), name),
    }
    return visitor.post(f"{world.path}/audit-log/imports/new", values, expect=expect)


def lines(*events):
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in events)


def address_of(page):
    return re.search(r'"(/t/[^"]+/imports/[0-9a-f-]{36})/reading"', page.text)[1]


def test_preview_shows_what_would_be_stored_and_stores_nothing(owner, alder):
    page = send_file(owner, alder, lines(an_event(), "{oops", an_event(action="Opened")))

    assert page.heading == "events.jsonl"
    assert "Ballast events" in page.words
    assert "door.opened" in page.words
    assert "The JSON cannot be read" in page.words
    assert "/action: This must be object.verb_past" in page.words
    assert alder.log("door.opened") == []
    (event,) = alder.log("file_import.uploaded")
    assert event.extra["format"] == "ndjson"


def test_start_imports_in_the_background_and_reports_refusals(owner, alder, run_jobs):
    page = send_file(owner, alder, lines(*[an_event() for _ in range(3)], "{oops"))
    address = address_of(page)

    running = owner.submit(page, "Start the import")
    assert "running" in running.words
    run_jobs()
    page = owner.get(address)

    assert "finished" in page.words
    assert len(alder.log("door.opened")) == 3
    report = owner.client.get(f"{address}/refusals").text
    assert '"The JSON cannot be read' in report
    assert '"line","4"' in report
    (started,), (done,) = alder.log("file_import.started"), alder.log("audit_event.imported")
    assert started.target_name == done.target_name == "events.jsonl"
    assert done.extra == {
        "format": "ndjson",
        "read": 3,
        "stored": 3,
        "duplicates": 0,
        "refused": 1,
    }


def test_uploading_the_same_file_again_stores_nothing_twice(owner, alder, run_jobs):
    content = lines(*[an_event() for _ in range(3)])
    for _ in range(2):
        owner.submit(send_file(owner, alder, content), "Start the import")
        run_jobs()

    assert len(alder.log("door.opened")) == 3
    assert [event.extra["duplicates"] for event in alder.log("audit_event.imported")] == [0, 3]


def test_table_is_mapped_by_its_columns_and_corrected(owner, alder, run_jobs):
    page = send_file(owner, alder, TABLE, name="crm.csv")
    assert "crm.opened" in page.words
    assert "the time cannot be read" in page.words
    address = address_of(page)

    form = owner.get(f"{address}/reading")
    page = owner.submit(form, "Save and look again", from_action="'ledger' + Action", save_as="CRM")
    assert "ledger.opened" in page.words
    owner.submit(page, "Start the import")
    run_jobs()

    (event,) = alder.log("ledger.opened")
    assert (event.actor_id, event.target_name) == ("ann@example.org", "Ledger")
    assert event.occurred_at.isoformat() == "2026-03-14T09:26:53+00:00"
    (change,) = alder.log("file_import.changed")
    assert "action" in change.changes
    assert "CRM" in owner.get(f"{alder.path}/audit-log/imports/mappings").words


def test_mapping_that_cannot_be_read_comes_back_with_its_field_named(owner, alder):
    form = owner.get(f"{address_of(send_file(owner, alder, TABLE, name='c.csv'))}/reading")

    page = owner.submit(form, "Save and look again", from_action="'x", expect=422)
    empty = owner.submit(form, "Save and look again", from_occurred_at="", expect=422)

    assert "Action: This cannot be read from" in page.words
    assert "Time: Every event has one" in empty.words


def test_cancelled_import_goes_on_where_it_ended(owner, alder, run_jobs, monkeypatch):
    page = owner.submit(
        send_file(owner, alder, lines(*[an_event() for _ in range(5)])), "Start the import"
    )

    page = owner.submit(page, "Call it off")
    run_jobs()
    assert "cancelled" in page.words
    assert alder.log("door.opened") == []
    owner.submit(page, "Go on")
    run_jobs()

    assert len(alder.log("door.opened")) == 5
    assert len(alder.log("file_import.cancelled")) == 1


def test_file_can_be_thrown_away(owner, alder):
    page = send_file(owner, alder, lines(an_event()))
    address = address_of(page)

    owner.submit(page, "Discard the file")

    assert "discarded" in owner.get(address).words
    assert len(alder.log("file_import.discarded")) == 1


def test_packed_file_is_read_as_it_is(owner, alder):
    page = send_file(owner, alder, gzip.compress(lines(an_event()).encode()), name="e.jsonl.gz")

    assert "door.opened" in page.words


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bnothing of the kind"])
def test_file_with_nothing_in_it_is_refused_and_not_kept(owner, alder, content):
    page = send_file(owner, alder, content, expect=422)

    assert page.errors
    assert "Nothing was imported yet" in owner.get(f"{alder.path}/audit-log/imports").words


def test_file_beyond_the_limit_is_refused(owner, alder, app, monkeypatch):
    monkeypatch.setitem(app.extensions, IMPORT_MB, 1)

    # Written by hand: the test client would spool a large form into a file of its own.
    head = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{owner.token()}\r\n'
    file = '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = f"{head}{file}{'x' * 2 * 1024 * 1024}\r\n--b--\r\n".encode()
    answer = owner.client.post(
        f"{alder.path}/audit-log/imports/new",
        data=body,
        content_type="multipart/form-data; boundary=b",
    )

    assert answer.status_code == 413
    assert "1 MB" in answer.text


def test_upload_without_a_token_is_refused(owner, alder):
    values = {"file": (io.BytesIO(b"{}"), "x.jsonl")}

    assert owner.post(f"{alder.path}/audit-log/imports/new", values, expect=400)


@pytest.mark.parametrize("role", ["analyst", "support", "editor", "auditor"])
def test_only_owners_and_admins_import(alder, role):
    visitor = alder.as_person(role)

    visitor.get(f"{alder.path}/audit-log/imports", expect=403)
    send_file(visitor, alder, lines(an_event()), expect=403)


def test_page_of_a_running_import_asks_for_its_progress(owner, alder):
    page = owner.submit(send_file(owner, alder, lines(an_event())), "Start the import")

    assert "/progress" in page.text
