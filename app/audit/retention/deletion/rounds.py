"""What the worker does about retention by the clock: begin rounds at night, and go on with them."""

import logging
import time
from collections.abc import Sequence
from uuid import UUID

from app.audit.retention.deletion.deleting import delete_batch
from app.audit.retention.deletion.models import RetentionRun
from app.audit.retention.deletion.runs import (
    advance,
    current_class,
    find_running,
    finish_run,
    plan_run,
    start_run,
)
from app.audit.retention.errors import DeletionEnded, DeletionRuns, NothingToDelete
from app.audit.retention.rules import RETENTION_LOCK
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor, system_actor
from app.kernel.database import Scope, unit_of_work
from app.kernel.records import get_record, lock_record
from app.kernel.routing import database

WORKER = "worker"
# So long a tenant's round goes on before the next tenant has its turn.
TURN_S = 20.0

log = logging.getLogger(__name__)


def begin_round(tenant_ids: Sequence[UUID]) -> None:
    """Begin a round in every tenant in which something may be over."""
    for tenant_id in tenant_ids:
        with database().session(Scope(tenant_id)):
            _begin(system_actor(tenant_id, WORKER))


def go_on_round(tenant_ids: Sequence[UUID], turn_s: float = TURN_S) -> None:
    """Go on for a turn with every round that is under way, whoever left it."""
    for tenant_id in tenant_ids:
        with database().session(Scope(tenant_id)):
            run = find_running()
            if run is None:
                continue
            try:
                go_on(system_actor(tenant_id, WORKER), run.id, turn_s)
            except DeletionEnded:
                log.info("deletion_ended", extra={"run": str(run.id)})
            except Exception as error:  # noqa: BLE001  one tenant keeps back no other
                log.warning("deletion_stopped", extra={"reason": type(error).__name__})


def go_on(actor: Actor, run_id: UUID, turn_s: float = TURN_S) -> None:
    """Carry a round on, batch after batch, to its end or that of the turn.

    Each batch is a transaction. Bears to be killed anywhere, and to be run twice at once. Raises
    `DeletionEnded` when it was called off.
    """
    until = time.monotonic() + turn_s
    while time.monotonic() < until:
        if current_class(_fresh(run_id)) is None:
            finish_run(actor, run_id)
            return
        try:
            delete_batch(actor, run_id)
        except NothingToDelete as nothing:
            _pass_over(run_id, nothing)


def _begin(actor: Actor) -> None:
    planned = plan_run(actor, clock.now())
    if current_class(planned) is None:
        return
    try:
        start_run(actor)
    except DeletionRuns:
        log.info("deletion_under_way", extra={"tenant": str(actor.tenant_id)})


def _fresh(run_id: UUID) -> RetentionRun:
    with unit_of_work() as session:
        session.expire_all()
        return get_record(RetentionRun, run_id)


def _pass_over(run_id: UUID, nothing: NothingToDelete) -> None:
    with unit_of_work() as session:
        lock_in_tenant(session, RETENTION_LOCK)
        run = lock_record(RetentionRun, run_id)
        name = current_class(run)
        if name is not None and run.reached[name] < nothing.reached:
            advance(run, name, nothing.reached, held=nothing.held)
