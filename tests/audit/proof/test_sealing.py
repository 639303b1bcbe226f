"""Sealing: what the worker does, once or twice or killed in the middle."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.audit.models import AuditEvent
from app.audit.proof import rounds, sealing
from app.audit.proof.checkpoints import read_checkpoint
from app.audit.proof.kept_tree import KeptTree
from app.audit.proof.keys import load_keys
from app.audit.proof.leaves import leaf_content, leaf_hash
from app.audit.proof.models import AuditCheckpoint, AuditTreeRun
from app.audit.proof.settings import seal_settings
from app.audit.proof.stored_events import log_size, stored_event
from app.audit.proof.tree import root
from app.audit.proof.tree_checks import Frontier
from app.kernel.database import Scope
from app.kernel.routing import database


def plain_root(world, size):
    """The root over the events themselves, calculated without the stored tree."""
    frontier = Frontier()
    with world.session() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.leaf).limit(size))
        for row in rows:
            frontier.add(0, row.leaf, leaf_hash(leaf_content(stored_event(row))))
    return frontier.root()


def checkpoints(world):
    with world.session() as session:
        return list(session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.size)))


def test_new_events_are_covered_by_a_signed_checkpoint(log):
    log.tell(5)
    checkpoint = log.seal()
    with log.world.session():
        assert checkpoint.size == log_size()
        found = read_checkpoint(checkpoint.note)
        keys = load_keys(seal_settings().keys).verifier_keys(found.checkpoint.origin)
    assert found.signed_by(keys)
    assert found.checkpoint.origin == f"ballast.example/audit/{log.world.tenant.id}"
    assert found.checkpoint.root == checkpoint.root == plain_root(log.world, checkpoint.size)


def test_stored_hash_of_every_event_is_that_of_what_is_read_back(log):
    """Sealing takes the hash that was stored with the event; both must be the same."""
    log.tell(3, reason="réason", metadata={"n": 1e300, "x": 0.1, "y": -0.0, "deep": [{"a": None}]})
    log.tell(1, source_ip="2001:db8::ffff:1", user_agent="a\nb", session="s")
    log.tell(1, source_ip="::ffff:192.0.2.7")
    with log.world.session() as session:
        for row in session.scalars(select(AuditEvent)):
            assert leaf_hash(leaf_content(stored_event(row))) == row.leaf_hash, row.action


def test_second_round_without_new_events_does_nothing(log):
    first = log.seal()
    assert log.seal().size == first.size
    assert len(checkpoints(log.world)) == 1


def test_tree_grows_over_rounds_of_any_length(log):
    for count in (1, 300, 2, 700, 50):
        log.tell(count)
        log.seal()
    sizes = [checkpoint.size for checkpoint in checkpoints(log.world)]
    assert len(sizes) == 5
    with log.world.session():
        for checkpoint in checkpoints(log.world):
            assert root(checkpoint.size, KeptTree()) == checkpoint.root
    assert checkpoints(log.world)[-1].root == plain_root(log.world, sizes[-1])


def test_origin_stays_when_the_installation_moves(log, app, monkeypatch):
    origin = read_checkpoint(log.seal().note).checkpoint.origin
    with app.app_context():
        old = seal_settings()
    monkeypatch.setitem(
        app.extensions, "ballast.seal", type(old)("other.example", old.keys, makes_key=False)
    )
    log.tell(1)
    assert read_checkpoint(log.seal().note).checkpoint.origin == origin


def test_one_round_takes_backlogs_in_parts(log, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 100)
    log.tell(350)
    log.seal()
    sizes = [checkpoint.size for checkpoint in checkpoints(log.world)]
    assert sizes[:3] == [100, 200, 300]
    with log.world.session():
        assert sizes[-1] == log_size()


def test_two_workers_at_once_make_one_history(log, app):
    log.tell(600)
    barrier = threading.Barrier(4)

    def work():
        with app.app_context():
            for _ in range(3):
                barrier.wait()
                rounds.seal_round([log.world.tenant.id])

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(work) for _ in range(4)]
        for _ in range(3):
            log.tell(40)
        for job in jobs:
            job.result()
    last = log.seal()
    assert last.root == plain_root(log.world, last.size)
    with log.world.session() as session:
        runs = session.execute(
            select(AuditTreeRun.position, AuditTreeRun.hashes)
            .where(AuditTreeRun.level == 0)
            .order_by(AuditTreeRun.position)
        ).all()
    ends = [position + len(hashes) // 32 for position, hashes in runs]
    assert [position for position, _ in runs][1:] == ends[:-1], "Runs follow one another."
    assert ends[-1] == last.size


@pytest.mark.parametrize("after_s", [0.01, 0.06])
def test_worker_that_is_killed_leaves_nothing_half_done(log, settings, after_s):
    """A real process, ended by SIGKILL in the middle of its rounds."""
    log.seal()
    worker = start_worker(settings, log.world.tenant.id)
    assert worker.stdout.readline() == "ready\n"
    for _ in range(4):
        log.tell(100)
    time.sleep(after_s)
    worker.kill()
    worker.communicate()
    last = log.checkpoint()
    with log.world.session():
        assert root(last.size, KeptTree()) == last.root
    whole = log.seal()
    with log.world.session():
        assert whole.size == log_size()
    assert whole.root == plain_root(log.world, whole.size)


def start_worker(settings, tenant_id):
    """Start a process that seals the log of a tenant in a loop."""
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database.for_app().replace("+psycopg", ""),
        "BALLAST_OWNER_DATABASE_URL": settings.database.for_owner().replace("+psycopg", ""),
        "BALLAST_DATA_DIR": str(settings.data_dir),
        "BALLAST_SECRET_KEY": settings.secret_key,
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(tenant_id)],
        env=environment,
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )


WORKER = """
import sys
from uuid import UUID
from app import create_app
from app.audit.proof import sealing
from app.audit.proof.rounds import seal_round

sealing.BATCH = 10
app = create_app()
with app.app_context():
    seal_round([UUID(sys.argv[1])])
    print("ready", flush=True)
    while True:
        seal_round([UUID(sys.argv[1])])
"""


def test_event_that_is_gone_before_it_was_sealed_stops_the_seal(log, remove):
    log.seal()
    ids = log.tell(5)
    remove(ids[2])
    before = log.checkpoint().size
    assert log.seal().size == before
    (event,) = log.world.log("audit_seal.broken")
    assert "was gone before it was sealed" in event.reason
    log.seal()
    assert len(log.world.log("audit_seal.broken")) == 1, "It is said once."


def test_changed_tree_is_not_signed_on(log, database_owner):
    log.tell(10)
    before = log.seal()
    database_owner.execute(
        text("UPDATE audit_tree_runs SET hashes = sha256(hashes) WHERE tenant_id = :id"),
        {"id": log.world.tenant.id},
    )
    database_owner.commit()
    log.tell(1)
    assert log.seal().size == before.size
    (event,) = log.world.log("audit_seal.broken")
    assert event.outcome == "failure"


def test_log_that_was_set_back_is_not_signed_on(log, database_owner):
    log.tell(10)
    before = log.seal()
    database_owner.execute(
        text("UPDATE audit_heads SET size = 3 WHERE tenant_id = :id"), {"id": log.world.tenant.id}
    )
    database_owner.commit()
    assert log.seal().size == before.size


def test_broken_log_keeps_back_no_other(app, log, birch, remove):
    ids = log.tell(3)
    remove(ids[1])
    with app.app_context():
        rounds.seal_round([log.world.tenant.id, birch.tenant.id])
    assert checkpoints(log.world) == []
    assert checkpoints(birch)


def test_without_a_key_nothing_is_signed_and_the_round_goes_on(log, app, monkeypatch, tmp_path):
    with app.app_context():
        old = seal_settings()
    monkeypatch.setitem(app.extensions, "ballast.seal", type(old)("x.example", tmp_path / "none"))
    with app.app_context():
        assert rounds.seal_round([log.world.tenant.id]) > 0
    assert checkpoints(log.world) == []


def test_app_cannot_change_what_is_sealed(app, log):
    log.seal()
    for table in ("audit_tree_runs", "audit_checkpoints", "audit_seal_checks"):
        for verb in ("UPDATE", "DELETE", "TRUNCATE"):
            with app.app_context(), database().session(Scope(log.world.tenant.id)) as session:
                statement = text("SELECT has_table_privilege(current_user, :table, :verb)")
                assert not session.scalar(statement, {"table": table, "verb": verb})
