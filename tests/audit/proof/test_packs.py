"""Packs, and the proof of one event: right as they are made, and against what was kept."""

import json

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.proof.deleted_leaves import DELETED_LEAVES, record_of
from app.audit.proof.proofs import get_event_proof, get_growth_proof
from app.audit.proof.verifier.deletions import DELETED_ACTION
from app.audit.proof.verifier.pack_files import MANIFEST
from app.audit.proof.verifier.report import Unreadable
from app.kernel.problems import Refused
from tests.audit.proof.conftest import judge
from tests.audit.proof.pack_parts import lines_of, part_of

DOORS = select(AuditEvent).where(AuditEvent.action == "door.opened")


def matching(badge):
    return DOORS.where(AuditEvent.extra["badge"].astext == str(badge))


def test_whole_log_is_right(log):
    log.tell(600, reason="ticket")
    log.seal()
    report = judge(log.pack(), log.keys)
    assert report.exit_code == 0, str(report)
    assert "RIGHT" in str(report)
    with log.world.session() as session:
        events = len(session.scalars(select(AuditEvent.id)).all())
    assert f"{events:,} events are what was sealed; all {events:,} leaves" in str(report)


def test_pack_of_a_query_is_right_and_holds_what_matches(log):
    ids = log.tell(700)
    log.seal()
    path = log.pack(statement=matching(3))
    report = judge(path, log.keys)
    assert report.exit_code == 0, str(report)
    assert [line["event"]["id"] for line in lines_of(path)] == [str(ids[3])]
    assert "not that nothing else matched" in str(report)


@pytest.mark.parametrize("count", [1, 255, 256, 257, 520])
def test_pack_of_every_third_event_is_right_at_any_size(log, count):
    log.tell(count)
    log.seal()
    path = log.pack(statement=DOORS.where(AuditEvent.leaf % 3 == 1))
    assert judge(path, log.keys).exit_code == 0
    assert judge(log.pack(), log.keys).exit_code == 0


def test_pack_that_matches_nothing_is_right_and_empty(log):
    log.seal()
    path = log.pack(statement=matching("none"))
    assert judge(path, log.keys).exit_code == 0
    assert lines_of(path) == []


def test_events_that_are_not_sealed_yet_are_counted_and_left_out(log):
    log.tell(3)
    log.seal()
    log.tell(4)
    path = log.pack(statement=DOORS)
    assert json.loads(part_of(path, MANIFEST))["unsealed"] == 4
    assert len(lines_of(path)) == 3


def test_pack_says_what_it_is_to_whoever_finds_it(log):
    log.tell(2)
    log.seal()
    words = part_of(log.pack(), "README.txt").decode()
    assert "python3 ballast_verify.py" in words
    assert "What it does not show" in words


def test_keys_from_the_pack_are_used_with_a_warning(log):
    log.seal()
    report = judge(log.pack())
    assert report.exit_code == 0
    assert "with a key from the pack itself" in str(report)
    assert "--key" in str(report)


def test_key_of_somebody_else_finds_it_unsigned(log, birch):
    log.seal()
    other = log.keys[0]
    name, key_id, material = other.split("+", 2)
    del key_id
    with pytest.raises(Unreadable, match="not what it should be"):
        judge(log.pack(), [f"{name}+00000000+{material}"])
    from_birch = type(log)(birch, log.folder)
    from_birch.seal()
    report = judge(log.pack(), from_birch.keys)
    assert report.exit_code == 1
    assert "no known key signed it" in str(report)


def test_log_that_grew_continues_a_kept_checkpoint(log):
    log.tell(40)
    log.seal()
    kept = log.keep()
    log.tell(400)
    log.seal()
    report = judge(log.pack(), log.keys, [kept])
    assert report.exit_code == 0
    assert "it continues the checkpoint of" in str(report)


def test_pack_of_a_query_needs_a_proof_from_the_checkpoint_that_was_kept(log):
    checkpoints = []
    for _ in range(12):
        log.tell(10)
        checkpoints.append(log.seal())
    # Packs bring checkpoints at growing distances along; this is none of them.
    size = checkpoints[8].size
    kept = log.keep(checkpoint=checkpoints[8])
    alone = log.pack("alone.zip", matching(3))
    report = judge(alone, log.keys, [kept])
    assert report.exit_code == 2
    assert f"there is no proof from {size} to {checkpoints[-1].size}" in str(report)
    asked_for = log.pack("asked.zip", matching(3), since=(size,))
    assert judge(asked_for, log.keys, [kept]).exit_code == 0
    growth = log.folder / "growth.txt"
    with log.world.session():
        growth.write_text(str(get_growth_proof(size, checkpoints[-1].size)))
    assert judge(alone, log.keys, [kept], [growth]).exit_code == 0
    assert judge(growth, log.keys, [kept]).exit_code == 0


def test_growth_proof_of_another_history_is_wrong(log, birch):
    log.tell(40)
    size = log.seal().size
    forged = log.checkpoint().note.replace(log.checkpoint().note.split("\n")[2], "A" * 43 + "=")
    kept = log.folder / "forged.txt"
    kept.write_text(forged)
    log.tell(3)
    log.seal()
    growth = log.folder / "growth.txt"
    with log.world.session():
        growth.write_text(str(get_growth_proof(size, log.checkpoint().size)))
    report = judge(growth, log.keys, [kept])
    assert report.exit_code == 1
    assert "two histories" in str(report)


def test_checkpoint_of_another_log_is_told_apart(log, birch):
    log.seal()
    other = type(log)(birch, log.folder)
    other.seal()
    report = judge(log.pack(), log.keys, [other.keep()])
    assert report.exit_code == 1
    assert "of another log" in str(report)


def test_file_of_many_kept_checkpoints_is_checked_one_by_one(log):
    notes = []
    for _ in range(3):
        log.tell(20)
        notes.append(log.seal().note)
    kept = log.folder / "many.txt"
    kept.write_text("\n".join(notes))
    report = judge(log.pack(), log.keys, [kept])
    assert str(report).count("it continues the checkpoint of") == 3


def test_proof_of_one_event_is_right_and_only_for_that_event(log):
    ids = log.tell(300)
    log.seal()
    with log.world.session() as session:
        row = session.get(AuditEvent, (log.world.tenant.id, ids[177]))
        proof = get_event_proof(row)
    path = log.folder / "event.tlog-proof"
    path.write_text(str(proof))
    report = judge(path, log.keys)
    assert report.exit_code == 0
    assert str(ids[177]) in str(report)
    line = json.loads(proof.extra)
    line["event"]["actor"]["name"] = "Mallory"
    forged = type(proof)(proof.index, proof.steps, proof.signed, json.dumps(line).encode())
    path.write_text(str(forged))
    assert "not what was sealed" in str(judge(path, log.keys))
    moved = type(proof)(proof.index + 1, proof.steps, proof.signed, proof.extra)
    path.write_text(str(moved))
    assert judge(path, log.keys).exit_code == 1


def test_proof_without_a_key_cannot_be_checked(log):
    log.seal()
    with log.world.session() as session:
        row = session.scalars(select(AuditEvent).order_by(AuditEvent.leaf)).first()
        text = str(get_event_proof(row))
    path = log.folder / "event.tlog-proof"
    path.write_text(text)
    with pytest.raises(Unreadable, match="--key"):
        judge(path)


def test_event_that_is_not_sealed_has_no_proof(log):
    log.seal()
    (new,) = log.tell(1)
    with log.world.session() as session:
        row = session.get(AuditEvent, (log.world.tenant.id, new))
        with pytest.raises(Refused, match="not sealed yet"):
            get_event_proof(row)


def deleted_pack(log, app, monkeypatch, ids, metadata_of):
    """Let retention take events out, with a record of it, and make a pack of the whole log."""
    log.seal()
    with log.world.session() as session:
        rows_ = session.execute(select(AuditEvent.leaf).where(AuditEvent.id.in_(ids))).scalars()
        leaves = sorted(rows_)
    metadata = metadata_of(record_of(leaves))
    (record,) = log.tell(1, action=DELETED_ACTION, metadata=metadata, targets=())
    log.seal()
    monkeypatch.setitem(
        app.extensions,
        DELETED_LEAVES,
        lambda start, end: {leaf: record for leaf in leaves if start <= leaf < end},
    )
    return leaves


def test_deletion_that_is_recorded_is_right_and_said(log, app, settings, monkeypatch, remove):
    ids = log.tell(10)
    leaves = deleted_pack(log, app, monkeypatch, ids[2:5], lambda metadata: metadata)
    remove(*ids[2:5])
    report = judge(log.pack(), log.keys)
    assert report.exit_code == 0, str(report)
    assert "3 events were deleted, as the sealed record" in str(report)
    assert all("event" not in lines_of(log.folder / "pack.zip")[leaf] for leaf in leaves)


def test_more_deletions_than_the_record_says_are_wrong(log, app, monkeypatch, remove):
    ids = log.tell(10)
    deleted_pack(log, app, monkeypatch, ids[2:5], lambda m: m | {"leaves": 2})
    remove(*ids[2:5])
    report = judge(log.pack(), log.keys)
    assert report.exit_code == 1
    assert "says that other events were deleted" in str(report)


def test_deletion_without_a_record_is_wrong(log, remove):
    ids = log.tell(10)
    log.seal()
    remove(ids[4])
    report = judge(log.pack(), log.keys)
    assert report.exit_code == 1
    assert "the event is gone" in str(report)
