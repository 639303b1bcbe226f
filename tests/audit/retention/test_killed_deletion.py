"""The deletion of a night is killed at work, and goes on where it was."""

import pytest
from sqlalchemy import select

from app.audit.retention.deletion.models import AuditDeletion, RetentionRun
from tests.audit.proof.conftest import judge
from tests.audit.retention.killing import kill_at_work


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.proof)])
def test_killed_deletion_deletes_each_event_once_and_records_it(log, settings, kills):
    over = log.tell_days_ago(500, 60 * kills)
    kept = log.tell_days_ago(10, 20)
    log.seal()
    log.begin()
    kill_at_work(settings, log.world, "deletion", kills)
    assert log.there(over + kept) == set(kept)
    with log.world.session() as session:
        run = session.scalars(select(RetentionRun)).one()
        records = session.scalars(select(AuditDeletion)).all()
    assert (run.status, run.deleted["standard"]) == ("finished", len(over))
    assert sum(record.events for record in records) == len(over)
    assert len(log.world.log("audit_event.deleted")) == len(records)
    assert log.problems() == []
    assert judge(log.pack(), log.keys).exit_code == 0
