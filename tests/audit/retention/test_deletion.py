"""What is over goes by night, and nothing else; counts and seal stay right, and the log says so."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.audit.retention.deletion import rounds, selecting
from app.audit.retention.deletion.models import AuditDeletion, RetentionRun
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from tests.audit.proof.conftest import judge


def test_each_class_goes_at_its_own_time(log):
    told = {
        (days, kind): log.tell_days_ago(days, 3, retention=kind)
        for days, kind in (
            (2_558, "security"),
            (2_556, "security"),
            (401, "standard"),
            (399, "standard"),
            (31, "short"),
            (29, "short"),
        )
    }
    log.night()
    kept = [one for one, ids in told.items() if log.there(ids)]
    assert kept == [(2_556, "security"), (399, "standard"), (29, "short")]


def test_what_is_over_goes_and_every_check_stays_right(log):
    over = log.tell_days_ago(500, 40)
    security = log.tell_days_ago(450, 10, retention="security")
    kept = log.tell_days_ago(10, 20)
    log.night()
    assert log.there(over + security + kept) == set(security + kept)
    assert log.problems() == []
    assert judge(log.pack(), log.keys).exit_code == 0


def test_record_of_a_deletion_says_what_went_by_which_rule(log):
    log.tell_days_ago(500, 40)
    before = log.seal()
    log.night()
    (record,) = log.world.log("audit_event.deleted")
    with log.world.session() as session:
        row = session.scalars(select(AuditDeletion)).one()
    assert row.id == record.id
    assert record.extra["leaves"] == row.events == 40
    assert (record.extra["retention"], record.extra["days"]) == ("standard", 400)
    assert record.extra["last_leaf"] == row.last_leaf == before.size - 1
    assert (record.extra["tree_size"], record.extra["root"]) == (before.size, before.root.hex())


def test_record_of_a_deletion_is_never_deleted(log, monkeypatch):
    log.tell_days_ago(500, 4)
    log.night()
    (record,) = log.world.log("audit_event.deleted")
    with log.world.session() as session, pytest.raises(ProgrammingError), unit_of_work():
        session.execute(text("DELETE FROM audit_events WHERE id = :id"), {"id": record.id})
    monkeypatch.setattr(selecting, "cutoff_of", lambda started_at, _days: started_at)
    monkeypatch.setattr("app.audit.retention.deletion.runs.cutoff_of", selecting.cutoff_of)
    monkeypatch.setattr("app.audit.retention.deletion.deleting.cutoff_of", selecting.cutoff_of)
    log.night()
    assert log.there([record.id]) == {record.id}
    assert log.problems() == []


def test_deletion_goes_on_where_it_was_killed(log, monkeypatch):
    monkeypatch.setattr(selecting, "BATCH", 10)
    over = log.tell_days_ago(500, 35)
    log.seal()
    log.begin()

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        delete, left = rounds.delete_batch, [1, 2]

        def delete_two_batches(*called):
            return left.pop() and delete(*called) if left else die()

        patch.setattr(rounds, "delete_batch", delete_two_batches)
        with pytest.raises(KeyboardInterrupt):
            log.go_on()
    assert len(log.there(over)) == 15
    log.go_on()
    assert log.there(over) == set()
    with log.world.session() as session:
        run = session.scalars(select(RetentionRun)).one()
    assert (run.status, run.deleted["standard"]) == ("finished", 35)
    assert log.problems() == []


def test_event_that_is_not_sealed_waits(log):
    over = log.tell_days_ago(500, 5)
    log.begin()
    log.go_on()
    assert log.there(over) == set(over)


def test_other_tenant_loses_nothing(log, birch):
    before = len(birch.log())
    log.tell_days_ago(500, 5)
    log.night()
    assert len(birch.log()) == before


def test_address_of_a_deleted_event_says_so(log):
    (gone,) = log.tell_days_ago(500)
    log.night()
    person = log.world.as_person("auditor")
    page = person.get(f"{log.world.path}/audit-log/{gone}")
    assert "It was deleted after its time." in page.words
    assert "Standard, kept for 400 days" in page.words
    record = person.get(page.links["Record of 1 events"])
    assert record.heading == "Audit event deleted: Audit log"


def test_drawer_and_json_of_a_deleted_event_say_the_same_as_its_address(log):
    (gone,) = log.tell_days_ago(500)
    log.night()
    (record,) = log.world.log("audit_event.deleted")
    person, place = log.world.as_person("auditor"), f"{log.world.path}/audit-log"
    drawer = person.get(place, query_string={"detail": str(gone)})
    assert "It was deleted after its time." in drawer.words
    assert "Standard, kept for 400 days" in drawer.words
    assert drawer.links["Record of 1 events"].endswith(str(record.id))
    left = json.loads(person.get(f"{place}/{gone}/event.json", expect=410).text)
    assert left["deleted"]["record"] == str(record.id)
    assert (left["deleted"]["retention"], left["deleted"]["days"]) == ("standard", 400)
    never = uuid7()
    assert "There is nothing here" in person.get(place, query_string={"detail": str(never)}).words
    person.get(f"{place}/{never}/event.json", expect=404)


def test_admin_shortens_a_class_sees_what_would_go_and_deletes_it(log):
    log.tell_days_ago(100, 7)
    log.seal()
    admin, path = log.world.as_person("admin"), f"{log.world.path}/settings/retention"
    page = admin.submit(admin.get(f"{path}/edit"), "Save", standard="90")
    assert ["Standard", "7", "0", "7", "7", "7"] in page.rows
    page = admin.submit(admin.get(f"{path}/deletions/new"), "Delete now")
    assert "0 events deleted" in page.words
    log.go_on()
    words = admin.get(f"{path}/deletions").rows[0]
    assert "finished" in words
    assert "7" in words
    assert log.world.log("retention.updated")[0].changes["standard"]["after"] == "90"


def test_days_out_of_bounds_are_refused(log):
    admin, path = log.world.as_person("admin"), f"{log.world.path}/settings/retention"
    page = admin.submit(admin.get(f"{path}/edit"), "Save", expect=422, security="30")
    assert page.errors


def test_deletion_is_called_off(log, monkeypatch):
    monkeypatch.setattr(selecting, "BATCH", 10)
    over = log.tell_days_ago(500, 25)
    log.seal()
    log.begin()
    log.go_on(turn_s=0.0)
    admin, path = log.world.as_person("admin"), f"{log.world.path}/settings/retention"
    listed = admin.get(f"{path}/deletions")
    (run,) = [address for address in listed.links.values() if "/deletions/0" in address]
    page = admin.submit(admin.get(run), "Call it off")
    assert "cancelled" in page.words
    log.go_on()
    assert log.there(over) == set(over)
