"""The two ways past append-only keep their rules, whatever the app asks of them."""

import datetime as dt

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.audit.event import EventDraft, Party
from app.audit.heads import lock_head
from app.audit.models import AuditEvent
from app.audit.proof.deleted_leaves import record_of, recorded_deletions
from app.audit.proof.erasing import erasure_of, pointers_to_person
from app.audit.removal.doors import delete_events, list_due, write_erasures
from app.audit.rollups.drift import find_drift
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.commands import Outcome
from app.kernel.database import current_session, unit_of_work
from app.kernel.ids import uuid7
from tests.audit.proof.conftest import SealedLog, judge
from tests.factories.erasure import RunningErasureFactory

OLD = clock.now() - dt.timedelta(days=400)
LONG_AGO = clock.now() - dt.timedelta(days=100)


@pytest.fixture
def log(alder, tmp_path):
    """Thirty old events, of two classes, and five new ones; all are sealed."""
    log = SealedLog(alder, tmp_path)
    log.tell(20, occurred_at=OLD)
    log.tell(10, occurred_at=OLD, retention="security")
    log.tell(5)
    log.seal()
    return log


def record_deletion(leaves):
    """Store the record of a deletion; return its id."""
    draft = EventDraft(
        id=uuid7(),
        occurred_at=clock.now(),
        actor=Party("system", "worker", "worker"),
        action="audit_event.deleted",
        outcome=Outcome.SUCCESS,
        metadata=record_of(leaves),
    )
    store_events(current_session(), [draft])
    return draft.id


def delete_due(world, retention="standard", most=2_000):
    with world.session() as session, unit_of_work():
        lock_head(session, world.tenant.id)
        leaves = list_due(retention, LONG_AGO, most=most)
        delete_events(leaves, record_deletion(leaves))
    return leaves


def leaves_of(world):
    return {event.leaf for event in world.log()}


def test_what_is_due_is_deleted_and_counted_no_longer(log, alder):
    before = leaves_of(alder)
    gone = delete_due(alder)
    assert len(gone) == 20
    assert leaves_of(alder) == (before - set(gone)) | {max(before) + 1}
    with alder.session():
        assert find_drift() == []
        assert recorded_deletions(0, 10_000).keys() == set(gone)
        assert set(recorded_deletions(gone[3], gone[7])) == set(gone[3:7])


def test_batches_go_on_where_the_last_one_ended(log, alder):
    gone = [leaf for _ in range(3) for leaf in delete_due(alder, most=8)]
    assert len(gone) == len(set(gone)) == 20
    assert delete_due(alder, "security") != []
    with alder.session():
        assert find_drift() == []


def test_pack_after_a_deletion_is_right_and_names_its_record(log, alder):
    kept = log.keep()
    delete_due(alder)
    log.seal()
    report = judge(log.pack(), log.keys, [kept])
    assert report.exit_code == 0, str(report)
    assert "20 events were deleted, as the sealed record" in str(report)


def test_what_is_not_sealed_stays(log, alder):
    log.tell(3, occurred_at=OLD)
    last = max(leaves_of(alder))
    assert last not in delete_due(alder)
    with alder.session(), pytest.raises(DBAPIError, match="only sealed events"), unit_of_work():
        delete_events([last], record_deletion([last]))
    assert last in leaves_of(alder)


def test_record_of_a_deletion_is_never_deleted(log, alder):
    delete_due(alder)
    log.seal()
    (record,) = alder.log("audit_event.deleted")
    with (
        alder.session(),
        pytest.raises(DBAPIError, match="no records of deletions"),
        unit_of_work(),
    ):
        delete_events([record.leaf], record_deletion([record.leaf]))
    assert record.leaf in leaves_of(alder)


def test_nothing_is_deleted_without_a_record(log, alder):
    before = leaves_of(alder)
    (other, *_) = log.tell(1, action="door.closed")
    for record in (uuid7(), other):
        with alder.session(), pytest.raises(DBAPIError, match="needs a record"), unit_of_work():
            delete_events([0], record)
    assert before <= leaves_of(alder)


def test_one_tenant_deletes_nothing_of_another(log, alder, birch):
    before = leaves_of(alder)
    mine = SealedLog(birch, log.folder)
    mine.tell(2)
    mine.seal()
    beyond = max(leaves_of(birch)) + 1
    assert beyond in before, "The other tenant's log has this leaf."
    with birch.session(), pytest.raises(DBAPIError, match="only sealed"), unit_of_work():
        delete_events([beyond], record_deletion([beyond]))
    assert leaves_of(alder) == before


def test_app_cannot_forge_which_leaves_were_deleted(settings, log, alder):
    engine = create_engine(settings.database.for_app())
    with engine.connect() as connection:
        connection.execute(
            text("SELECT set_config('app.tenant_id', :id, true)"), {"id": str(alder.tenant.id)}
        )
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(
                text("INSERT INTO audit_deleted_runs VALUES (:id, 0, 5, :id)"),
                {"id": alder.tenant.id},
            )
    engine.dispose()


def test_erased_values_are_gone_from_the_event_and_from_the_words(log, alder):
    ana = Party("person", "u-ana", "Ana Ruiz")
    (event_id,) = log.tell(1, actor=ana, reason="Asked for by Ana Ruiz", source_ip="192.0.2.9")
    log.seal()
    kept = log.keep()
    owner = alder.as_person("owner")
    address = f"{alder.path}/audit-log"
    assert "Ana Ruiz" in owner.get(address, query_string={"q": "action:door ruiz"}).words
    under_way = alder.make(RunningErasureFactory)
    with alder.session() as session, unit_of_work():
        row = session.get(AuditEvent, (alder.tenant.id, event_id), with_for_update=False)
        erasure = erasure_of(row, pointers_to_person(row, ana.id, ("ana ruiz",)), clock.now())
        write_erasures(under_way.id, [erasure])
    for word in ("ruiz", "actor:u-ana", "ip:192.0.2.9"):
        page = owner.get(address, query_string={"q": f"action:door {word}"})
        assert "No event matches" in page.words, word
    with alder.session() as session:
        words = session.scalar(
            select(func.array_to_string(func.tsvector_to_array(AuditEvent.search), " ")).where(
                AuditEvent.id == event_id
            )
        )
        assert "ruiz" not in words
        assert "door.opened" in words
    log.seal()
    report = judge(log.pack(), log.keys, [kept])
    assert report.exit_code == 0, str(report)


def test_erasure_of_another_tenants_event_writes_nothing(log, alder, birch):
    (event_id,) = log.tell(1, actor=Party("person", "u-ana", "Ana Ruiz"))
    with alder.session() as session:
        row = session.get(AuditEvent, (alder.tenant.id, event_id))
        erasure = erasure_of(row, pointers_to_person(row, "u-ana", ()), clock.now())
    under_way = birch.make(RunningErasureFactory)
    with birch.session(), pytest.raises(DBAPIError, match="only be erased"), unit_of_work():
        write_erasures(under_way.id, [erasure])
    (event,) = [event for event in alder.log() if event.id == event_id]
    assert event.actor_name == "Ana Ruiz"
