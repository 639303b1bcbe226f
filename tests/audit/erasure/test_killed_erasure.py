"""An erasure is killed at work, and goes on where it was."""

import pytest
from sqlalchemy import select

from app.audit.erasure.models import PersonErasure
from app.audit.models import AuditEvent
from tests.audit.erasure.conftest import ANA
from tests.audit.proof.conftest import judge
from tests.audit.retention.killing import kill_at_work


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.proof)])
def test_killed_erasure_erases_every_event_once(log, settings, kills):
    hers = log.tell(60 * kills, actor=ANA)
    log.tell(20)
    log.seal()
    log.ask()
    log.confirm()
    kill_at_work(settings, log.world, "erasure", kills)
    with log.world.session() as session:
        erasure = session.scalars(select(PersonErasure)).one()
        names = set(session.scalars(select(AuditEvent.actor_name).where(AuditEvent.id.in_(hers))))
    assert names == {"erased person"}
    assert erasure.status == "finished"
    (finished,) = log.world.log("erasure.finished")
    assert finished.extra["erased"] == erasure.erased >= len(hers)
    log.seal()
    assert judge(log.pack(), log.keys).exit_code == 0
