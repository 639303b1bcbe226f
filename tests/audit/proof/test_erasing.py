"""Erasing a person: the values are gone, and all evidence is as right as it was before."""

import json
import zipfile

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from app.audit.event import Party
from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.checking import check_window
from app.audit.proof.erasing import erasure_of, personal_values_of, pointers_to_person
from app.audit.proof.keys import load_keys
from app.audit.proof.proofs import get_event_proof
from app.audit.proof.settings import seal_settings
from app.kernel import clock
from tests.audit.proof.conftest import judge

ANA = Party("person", "u-ana", "Ana Ruiz")
JSON_COLUMNS = ("targets", "changes", "metadata", "commitments")


@pytest.fixture
def erase(log, database_owner):
    """Erase values of an event, as somebody who may; return the erasure."""

    def erase_values(event_id, pointers=None, person=ANA.id, texts=("ana ruiz", "ana@")):
        with log.world.session() as session:
            row = session.get(AuditEvent, (log.world.tenant.id, event_id))
            chosen = pointers_to_person(row, person, texts) if pointers is None else pointers
            erasure = erasure_of(row, chosen, clock.now())
        if erasure is not None:
            sets = ", ".join(f"{name} = :{name}" for name in erasure.columns)
            statement = text(f"UPDATE audit_events SET {sets} WHERE tenant_id = :t AND id = :i")
            types = [bindparam(name, type_=JSONB) for name in JSON_COLUMNS]
            keys = {"t": log.world.tenant.id, "i": event_id}
            database_owner.execute(statement.bindparams(*types), {**erasure.columns, **keys})
            database_owner.commit()
        return erasure

    return erase_values


@pytest.fixture
def acts(log):
    """Events in which Ana acts, is a target, is mentioned, and has no part."""
    tomas = Party("person", "u-tomas", "Tomas Ek")
    return [
        log.tell(1, **values)[0]
        for values in (
            {"actor": ANA, "source_ip": "192.0.2.9", "user_agent": "Firefox", "session": "s-9"},
            {"actor": tomas, "source_ip": "192.0.2.1", "targets": (ANA, tomas)},
            {
                "actor": tomas,
                "reason": "Asked for by ANA RUIZ",
                "changes": {"mail": {"before": "ana@example.org", "after": "none"}},
                "metadata": {"cc": {"who": ["ana@example.org"]}, "badge": 7},
            },
            {"actor": tomas, "reason": "Fire drill"},
        )
    ]


def test_person_is_gone_and_every_proof_stays_valid(log, acts, erase):
    log.seal()
    kept, before = log.keep(), log.pack("before.zip")
    for event_id in acts:
        erase(event_id)
    after = log.pack("after.zip")
    for pack in (before, after):
        report = judge(pack, log.keys, [kept])
        assert report.exit_code == 0, str(report)
    assert "3 events have erased values" in str(report)
    with zipfile.ZipFile(after) as archive:
        words = archive.read("events.jsonl").decode().casefold()
    assert "ana" not in words.replace("tenant", "")
    assert "192.0.2.9" not in words
    assert "tomas ek" in words


def test_proof_of_an_erased_event_is_made_and_right(log, acts, erase):
    log.seal()
    erase(acts[0])
    with log.world.session() as session:
        row = session.get(AuditEvent, (log.world.tenant.id, acts[0]))
        proof = get_event_proof(row)
    path = log.folder / "one.tlog-proof"
    path.write_text(str(proof))
    assert judge(path, log.keys).exit_code == 0
    assert json.loads(proof.extra)["event"]["actor"]["name"] is None


def test_event_is_erased_before_it_is_sealed_as_well(log, acts, erase):
    erase(acts[0])
    log.seal()
    assert judge(log.pack(), log.keys).exit_code == 0


def test_nightly_check_finds_nothing_wrong_with_an_erased_event(log, acts, erase):
    log.seal()
    erase(acts[0])
    with log.world.session():
        assert check_window(load_keys(seal_settings().keys), at=0).problem is None


def test_proposal_names_all_that_is_a_persons_and_nothing_else(log, acts):
    with log.world.session() as session:
        rows = [session.get(AuditEvent, (log.world.tenant.id, one)) for one in acts]
        found = [pointers_to_person(row, ANA.id, ["ana ruiz", "ana@", " "]) for row in rows]
    acted = {"/actor/id", "/actor/name", "/source/ip", "/source/session", "/source/user_agent"}
    assert found == [
        acted,
        {"/targets/0/id", "/targets/0/name"},
        {"/reason", "/changes/mail/before", "/metadata/cc"},
        set(),
    ]


def test_erasing_in_steps_ends_like_erasing_at_once(log, acts, erase):
    log.seal()
    erase(acts[2], ["/reason"])
    second = erase(acts[2], ["/reason", "/metadata/cc", "/nothing"])
    assert second.pointers == {"/metadata/cc"}
    assert erase(acts[2], ["/reason", "/metadata/cc"]) is None
    with log.world.session() as session:
        row = session.get(AuditEvent, (log.world.tenant.id, acts[2]))
        left = personal_values_of(row)
    assert "/changes/mail/before" in left
    assert not {"/reason", "/metadata/cc"} & left.keys()
    assert judge(log.pack(), log.keys).exit_code == 0


def test_erasure_does_not_cover_up_what_was_changed(log, acts, erase, database_owner):
    log.seal()
    statement = text("UPDATE audit_events SET outcome = 'denied' WHERE id = :id")
    database_owner.execute(statement, {"id": acts[0]})
    database_owner.commit()
    with pytest.raises(SealBroken, match="is not what was sealed"):
        erase(acts[0])


def test_page_of_an_erased_event_shows_no_person(log, acts, erase):
    log.seal()
    erase(acts[0])
    page = log.world.as_person("auditor").get(f"{log.world.path}/audit-log/{acts[0]}")
    assert "Ana Ruiz" not in page.words
    assert "192.0.2.9" not in page.words
