"""Carrying erasures out: batch after batch, in a job, and by the clock where a job was lost."""

import logging
import time
from collections.abc import Sequence
from uuid import UUID

from app.audit.erasure.copies import count_copies
from app.audit.erasure.ending import finish_erasure, person_of
from app.audit.erasure.errors import ErasureEnded
from app.audit.erasure.models import ErasureStatus, PersonErasure
from app.audit.erasure.queries import find_open
from app.audit.erasure.scanning import look, note
from app.audit.removal.doors import write_erasures
from app.audit.retention.holds.scope import list_in_force
from app.audit.retention.rules import RETENTION_LOCK
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor, system_actor
from app.kernel.database import Scope, current_session, unit_of_work
from app.kernel.jobs import defer, job
from app.kernel.records import get_record, lock_record
from app.kernel.routing import database

ERASURE_JOB = "person_erasure.go_on"
WORKER = "worker"
# So long an erasure goes on before other work has its turn.
TURN_S = 20.0

log = logging.getLogger(__name__)


def go_on_without_person(actor: Actor, erasure_id: str) -> None:
    """Go on with what somebody decided who is no active member any more: it was decided."""
    go_on(actor, UUID(erasure_id))


@job(ERASURE_JOB, when_gone=go_on_without_person, lock="erasures")
def carry_on(actor: Actor, erasure_id: str) -> None:
    """Count or erase for a turn, and queue the next one while there is more to do."""
    if go_on(system_actor(actor.tenant, WORKER), UUID(erasure_id)):
        with unit_of_work():
            defer(ERASURE_JOB, actor, erasure_id=erasure_id)


def go_on_with_erasures(tenant_ids: Sequence[UUID], turn_s: float = TURN_S) -> None:
    """Go on for a turn with every erasure that is under way, whoever left it."""
    for tenant_id in tenant_ids:
        with database().session(Scope(tenant_id)):
            erasure = find_open()
            if erasure is None or not ErasureStatus(erasure.status).is_working:
                continue
            try:
                go_on(system_actor(tenant_id, WORKER), erasure.id, turn_s)
            except Exception as error:  # noqa: BLE001  one tenant keeps back no other
                log.warning("erasure_stopped", extra={"reason": type(error).__name__})


def go_on(actor: Actor, erasure_id: UUID, turn_s: float = TURN_S) -> bool:
    """Carry an erasure on, batch after batch; return whether there is more to do.

    Each batch is a transaction. Bears to be killed anywhere, and to be run twice at once.
    """
    until = time.monotonic() + turn_s
    while time.monotonic() < until:
        erasure = _fresh(erasure_id)
        if not ErasureStatus(erasure.status).is_working:
            return False
        if erasure.reached < erasure.until:
            _go_on_for_a_batch(erasure_id)
        elif erasure.status == ErasureStatus.COUNTING:
            _finish_counting(erasure_id)
        else:
            _finish(actor, erasure_id)
    return True


def _go_on_for_a_batch(erasure_id: UUID) -> None:
    with unit_of_work() as session:
        # No hold is placed, and nothing deleted, while a batch is looked at and written.
        lock_in_tenant(session, RETENTION_LOCK)
        erasure = lock_record(PersonErasure, erasure_id)
        if not ErasureStatus(erasure.status).is_working or erasure.reached >= erasure.until:
            return
        holds = list_in_force()
        stretch = look(person_of(erasure), erasure.reached, erasure.until, holds, clock.now())
        note(erasure, stretch)
        if erasure.status == ErasureStatus.COUNTING:
            erasure.found += stretch.found
            return
        erasure.erased += len(stretch.erasures)
        if stretch.erasures:
            session.flush()
            write_erasures(erasure.id, stretch.erasures)


def _finish_counting(erasure_id: UUID) -> None:
    with unit_of_work() as session:
        lock_in_tenant(session, RETENTION_LOCK)
        erasure = lock_record(PersonErasure, erasure_id)
        if erasure.status == ErasureStatus.COUNTING:
            erasure.elsewhere = dict(count_copies(person_of(erasure)))
            erasure.status = ErasureStatus.WAITING.value


def _finish(actor: Actor, erasure_id: UUID) -> None:
    try:
        finish_erasure(actor, erasure_id)
    except ErasureEnded:
        log.info("erasure_ended", extra={"erasure": str(erasure_id)})


def _fresh(erasure_id: UUID) -> PersonErasure:
    with unit_of_work():
        current_session().expire_all()
        return get_record(PersonErasure, erasure_id)
