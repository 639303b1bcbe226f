"""Large exports: made in the background, for who asked alone, whatever happens meanwhile."""

import hashlib
import json

import pytest

from app.audit.exports import making
from app.audit.exports.making import make_export
from app.audit.exports.models import AuditExport
from app.audit.exports.settings import export_settings
from app.boot.chores import tend_all_exports
from app.identity.service.people import suspend_member
from app.kernel.database import unit_of_work
from app.kernel.records import lock_record
from app.kernel.routing import guard_of
from tests.audit.exports.asking import (
    address_of,
    export_at,
    files_of,
    ids_in,
    path_of,
    post_export,
    tell_many,
)

pytestmark = pytest.mark.usefixtures("few_are_many")
EVERYTHING = "action:door"


@pytest.fixture
def asked(alder):
    """A large export that nobody has begun to write: its address, and who asked."""
    events = tell_many(alder, 130)
    person = alder.as_person("analyst")
    return events, person, address_of(post_export(person, alder, EVERYTHING))


def test_large_export_is_made_by_the_worker_and_holds_every_row_in_order(alder, asked, run_jobs):
    events, person, address = asked
    waiting = person.get(address)
    assert "Waiting for its turn" in waiting.words
    assert "Download" not in waiting.links
    run_jobs()
    page = person.get(address)
    assert "finished" in page.words
    answer = person.client.get(page.links["Download"], buffered=True)
    assert ids_in(answer.text) == [str(event.id) for event in reversed(events)]
    assert hashlib.sha256(answer.data).hexdigest() in page.words


def test_rows_written_after_it_was_asked_for_are_not_in_it(alder, asked, run_jobs):
    _events, person, address = asked
    late = tell_many(alder, 5)
    run_jobs()
    ids = ids_in(person.client.get(f"{address}/file", buffered=True).text)
    assert len(ids) == 130
    assert not {str(event.id) for event in late} & set(ids)


def test_whole_way_is_in_the_log(alder, asked, run_jobs):
    _events, person, address = asked
    run_jobs()
    export = export_at(alder, address)
    person.client.get(f"{address}/file", headers={"Range": "bytes=5-"}, buffered=True)
    found = {event.action: event for event in alder.log() if "audit_export" in event.action}
    assert list(found) == [
        "audit_export.requested",
        "audit_export.finished",
        "audit_export.downloaded",
    ]
    assert {event.target_id for event in found.values()} == {str(export.id)}
    assert found["audit_export.requested"].extra == {"query": EVERYTHING, "form": "csv"}
    assert found["audit_export.finished"].extra["sha256"] == export.sha256
    assert found["audit_export.downloaded"].extra["range"] == "bytes=5-"


def test_download_goes_on_where_it_ended(alder, asked, run_jobs):
    _events, person, address = asked
    run_jobs()
    whole = person.client.get(f"{address}/file", buffered=True)
    tag = whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"
    rest = person.client.get(
        f"{address}/file", headers={"Range": "bytes=1000-", "If-Range": tag}, buffered=True
    )
    assert (rest.status_code, rest.data) == (206, whole.data[1000:])
    other = {"Range": "bytes=1000-", "If-Range": '"another file"'}
    changed = person.client.get(f"{address}/file", headers=other, buffered=True)
    assert (changed.status_code, changed.data) == (200, whole.data)
    beyond = {"Range": "bytes=99999999-"}
    assert person.client.get(f"{address}/file", headers=beyond).status_code == 416


@pytest.mark.parametrize("role", ["owner", "admin", "auditor"])
def test_export_of_somebody_else_is_not_there(app, alder, asked, run_jobs, role):
    _events, person, address = asked
    run_jobs()
    other = alder.as_person(role)
    assert other.get(f"{alder.path}/audit-log/exports").rows == []
    token = other.token()
    for rule in app.url_map.iter_rules():
        if "export_id" not in rule.arguments or guard_of(app.view_functions[rule.endpoint]) is None:
            continue
        place = address + str(rule).partition("<uuid:export_id>")[2]
        method = "POST" if "POST" in rule.methods else "GET"
        values = {"csrf_token": token} if method == "POST" else None
        answer = other.client.open(place, method=method, data=values)
        assert answer.status_code == 404, place
    assert person.get(f"{alder.path}/audit-log/exports").rows


def test_export_is_called_off_before_it_begins(alder, asked, run_jobs):
    _events, person, address = asked
    page = person.submit(person.get(address), "Call it off")
    assert "Nothing of it is kept" in page.words
    run_jobs()
    assert "cancelled" in person.get(address).words
    assert files_of(alder) == []
    assert person.client.get(f"{address}/file").status_code == 404
    assert not alder.log("audit_export.finished")


def test_export_is_called_off_while_it_is_written(alder, asked, run_jobs, monkeypatch):
    _events, person, address = asked
    written = []

    def copy_and_call_off(*arguments):
        written.append(1)
        if len(written) == 3:
            person.submit(person.get(address), "Call it off")
        return copy_rows(*arguments)

    copy_rows = making.copy_rows
    monkeypatch.setattr(making, "copy_rows", copy_and_call_off)
    run_jobs()
    assert len(written) == 3
    assert "cancelled" in person.get(address).words
    assert files_of(alder) == []


def test_progress_says_how_far_it_is_and_then_leads_to_the_end(alder, asked, run_jobs):
    _events, person, address = asked
    part = person.part(f"{address}/progress", "")
    assert "<html" not in part.text
    assert "Waiting for its turn" in part.words
    run_jobs()
    headers = {"HX-Request": "true"}
    answer = person.client.get(f"{address}/progress", headers=headers)
    assert answer.headers["HX-Redirect"] == address


def test_manifest_names_query_window_rows_hash_and_proof(alder, asked, run_jobs):
    _events, person, address = asked
    run_jobs()
    export, content = export_at(alder, address), person.client.get(f"{address}/file", buffered=True)
    answer = person.client.get(f"{address}/manifest")
    manifest = json.loads(answer.text)
    assert manifest["query"]["asked"] == EVERYTHING
    assert manifest["query"]["absolute"].startswith(f"{EVERYTHING} created:<")
    assert manifest["file"]["rows"] == 130
    assert manifest["file"]["bytes"] == len(content.data)
    assert manifest["file"]["sha256"] == hashlib.sha256(content.data).hexdigest()
    assert manifest["proof"]["watermark"] == export.watermark
    assert answer.headers["Content-Disposition"].endswith('.csv.manifest.json"')


def test_file_is_gone_after_its_time_and_the_page_says_so(app, alder, asked, run_jobs):
    _events, person, address = asked
    run_jobs()
    assert len(files_of(alder)) == 1
    with alder.session(), unit_of_work():
        export = lock_record(AuditExport, export_at(alder, address).id)
        export.expires_at = export.asked_at
    page = person.get(address)
    assert "expired" in page.words
    assert "Download" not in page.links
    for place in ("file", "manifest"):
        answer = person.client.get(f"{address}/{place}")
        assert answer.status_code == 404
        assert "no longer kept" in answer.text
    with app.app_context():
        tend_all_exports()
    assert files_of(alder) == []
    assert EVERYTHING in person.get(page.links["Ask again"]).text


def test_file_is_deleted_before_its_time(alder, asked, run_jobs):
    _events, person, address = asked
    run_jobs()
    person.submit(person.get(address), "Delete")
    assert files_of(alder) == []
    assert person.client.get(f"{address}/file").status_code == 404
    assert len(alder.log("audit_export.deleted")) == 1


def test_person_who_was_suspended_gets_no_file(alder, asked, run_jobs):
    _events, _person, address = asked
    with alder.session():
        suspend_member(alder.actor("owner"), alder.people["analyst"].id, reason="")
    run_jobs()
    export = export_at(alder, address)
    assert (export.status, files_of(alder)) == ("stopped", [])
    assert "no active member" in export.problem


def test_third_export_at_once_has_to_wait(alder, asked):
    _events, person, _address = asked
    address_of(post_export(person, alder, EVERYTHING))
    refused = post_export(person, alder, EVERYTHING)
    assert refused.status_code == 409
    assert "Wait for one, or call it off" in refused.text
    assert len(alder.log("audit_export.requested")) == 2


def test_full_place_refuses_with_words(app, alder, asked, run_jobs, monkeypatch):
    _events, person, address = asked
    with app.app_context():
        settings = export_settings()
    folder = settings.folder / str(alder.tenant.id)
    folder.mkdir(parents=True, exist_ok=True)
    full = folder / "01a20000-0000-7000-8000-000000000001.export"
    with full.open("wb") as file:
        file.truncate(settings.max_bytes // 2 + 1)
    run_jobs()
    page = person.get(address)
    assert "The place for exports of this tenant is full" in page.words
    assert post_export(person, alder, EVERYTHING).status_code == 409
    full.unlink()


def test_export_whose_job_is_lost_is_queued_again(app, alder, asked, run_jobs, monkeypatch):
    """Whatever became of the job: a table that was emptied, a database that went away."""
    events, person, address = asked

    def vanish(*_arguments):
        raise making.OperationalError("", {}, Exception("the server closed the connection"))

    with monkeypatch.context() as broken:
        broken.setattr(making, "copy_rows", vanish)
        run_jobs()
    assert export_at(alder, address).status == "running"
    with app.app_context():
        tend_all_exports()
        tend_all_exports()
    run_jobs()
    ids = ids_in(person.client.get(f"{address}/file", buffered=True).text)
    assert len(ids) == len(events)
    assert len(alder.log("audit_export.finished")) == 1


def test_surprise_ends_the_export_with_words(alder, asked, run_jobs, monkeypatch):
    _events, person, address = asked
    monkeypatch.setattr(making, "copy_rows", lambda *_: 1 / 0)
    run_jobs()
    page = person.get(address)
    assert "stopped" in page.words
    assert "Something broke on our side" in page.words
    assert files_of(alder) == []


@pytest.mark.parametrize("junk", [b"", b"half a ro", None])
def test_interrupted_export_goes_on_or_begins_anew(alder, asked, junk, monkeypatch):
    """Killed between two parts, in the middle of one, or with the file lost."""
    events, person, address = asked
    export = export_at(alder, address)
    parts = []

    def copy_then_die(*arguments):
        if len(parts) == 2:
            raise KeyboardInterrupt
        parts.append(1)
        return copy_rows(*arguments)

    copy_rows = making.copy_rows
    with monkeypatch.context() as dying, alder.session():
        dying.setattr(making, "copy_rows", copy_then_die)
        with pytest.raises(KeyboardInterrupt):
            make_export(alder.actor("analyst"), str(export.id))
    part = path_of(alder, export).with_suffix(".part")
    assert person.client.get(f"{address}/file").status_code == 404
    if junk is None:
        part.unlink()
    else:
        part.write_bytes(part.read_bytes() + junk)
    with alder.session():
        make_export(alder.actor("analyst"), str(export.id))
    answer = person.client.get(f"{address}/file", buffered=True)
    assert ids_in(answer.text) == [str(event.id) for event in reversed(events)]
    assert hashlib.sha256(answer.data).hexdigest() == export_at(alder, address).sha256


def test_exports_take_turns(alder, asked, run_jobs, monkeypatch):
    events, person, address = asked
    other = address_of(post_export(person, alder, EVERYTHING, "jsonl"))
    order = []

    def copy_and_note(statement, form, write):
        order.append(form.value)
        return copy_rows(statement, form, write)

    copy_rows = making.copy_rows
    monkeypatch.setattr(making, "copy_rows", copy_and_note)
    monkeypatch.setattr(making, "TURN_S", 0)
    run_jobs()
    assert order[:6] == ["csv", "jsonl"] * 3
    assert ids_in(person.client.get(f"{address}/file", buffered=True).text)[0] == str(events[-1].id)
    lines = person.client.get(f"{other}/file", buffered=True).text.strip().split("\n")
    assert [json.loads(line)["id"] for line in lines] == [str(one.id) for one in reversed(events)]
