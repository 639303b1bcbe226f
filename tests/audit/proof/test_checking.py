"""The check of the night: it reads events again, and says what is not as it was sealed."""

import pytest
from sqlalchemy import text

from app.audit.proof.checking import check_window
from app.audit.proof.findings import CheckKind, find_last_check
from app.audit.proof.keys import load_keys
from app.audit.proof.rounds import check_round
from app.audit.proof.settings import seal_settings


@pytest.fixture
def check(log):
    """Read some events of the log again; return what was found wrong."""

    def reading(at=0.0):
        with log.world.session():
            return check_window(load_keys(seal_settings().keys), at).problem

    return reading


@pytest.fixture
def spoil(log, database_owner):
    """Change something behind the app's back; `:t` is the tenant."""

    def spoiling(sql, **values):
        database_owner.execute(text(sql), {"t": log.world.tenant.id, **values})
        database_owner.commit()

    return spoiling


def test_log_without_a_seal_has_nothing_to_check(log):
    with log.world.session():
        assert check_window(load_keys(seal_settings().keys)) is None


def test_log_as_it_was_sealed_is_right(log, check):
    for count in (300, 300):
        log.tell(count, reason="ticket")
        log.seal()
    assert [check(at) for at in (0.0, 0.5, 1.0)] == [None] * 3


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE audit_events SET outcome = 'denied' WHERE tenant_id = :t AND leaf = 7", "leaf 7"),
        ("UPDATE audit_events SET salt = NULL WHERE tenant_id = :t AND leaf = 7", "leaf 7"),
        ("UPDATE audit_events SET leaf_hash = sha256('') WHERE tenant_id = :t AND leaf = 7", "7"),
        ("UPDATE audit_events SET target_id = 'x' WHERE tenant_id = :t AND leaf = 7", "leaf 7"),
        ("UPDATE audit_events SET targets = '3' WHERE tenant_id = :t AND leaf = 7", "leaf 7"),
        ("DELETE FROM audit_events WHERE tenant_id = :t AND leaf = 7", "leaf 7 is gone"),
        ("DELETE FROM audit_events WHERE tenant_id = :t AND leaf > 290", "leaf 291 is gone"),
        ("UPDATE audit_heads SET size = 5 WHERE tenant_id = :t", "fewer events"),
        ("DELETE FROM audit_tree_runs WHERE tenant_id = :t AND level = 0", "lacks hashes"),
        ("DELETE FROM audit_tree_runs WHERE tenant_id = :t AND level = 1", "lacks hashes"),
        (
            "UPDATE audit_tree_runs SET hashes = sha256(hashes) WHERE tenant_id = :t AND level = 1",
            "does not lead",
        ),
        ("UPDATE audit_checkpoints SET note = 'x' WHERE tenant_id = :t", "is none"),
        ("UPDATE audit_checkpoints SET root = sha256('') WHERE tenant_id = :t", "not what was"),
        (
            "UPDATE audit_checkpoints SET note = replace(note, '— ', '— x') WHERE tenant_id = :t",
            "no known key",
        ),
    ],
)
def test_what_was_changed_is_found(log, check, spoil, sql, words):
    log.tell(300)
    log.seal()
    assert check() is None
    spoil(sql)
    assert words in check()


def test_changed_leaf_inside_a_block_is_found_by_its_root(log, check, spoil):
    """The tree as a whole is calculated from the roots of blocks, so that these are compared."""
    log.tell(600)
    log.seal()
    spoil(
        "UPDATE audit_tree_runs SET hashes = overlay(hashes placing sha256('') from 1)"
        " WHERE tenant_id = :t AND level = 0 AND position = 0"
    )
    spoil("UPDATE audit_events SET leaf_hash = sha256('') WHERE tenant_id = :t AND leaf = 0")
    assert check() is not None


def test_problem_is_told_to_the_log_once_and_kept_for_the_page(app, log, spoil):
    log.tell(3)
    log.seal()
    spoil("UPDATE audit_events SET outcome = 'denied' WHERE tenant_id = :t AND leaf = 1")
    for _ in range(2):
        with app.app_context():
            check_round([log.world.tenant.id])
    (event,) = log.world.log("audit_seal.broken")
    assert "leaf 1" in event.reason
    assert event.actor_name == "worker"
    with log.world.session():
        assert "leaf 1" in find_last_check(CheckKind.NIGHTLY).problem


def test_right_check_is_kept_and_writes_no_event(app, log):
    log.seal()
    with app.app_context():
        check_round([log.world.tenant.id])
    assert log.world.log("audit_seal.broken") == []
    with log.world.session():
        assert find_last_check(CheckKind.NIGHTLY).problem is None
