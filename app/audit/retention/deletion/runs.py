"""Rounds of deletion: beginning one, how far it is, calling it off."""

import datetime as dt
from uuid import UUID

from sqlalchemy import select

from app.audit.retention.classes import CLASSES
from app.audit.retention.deletion.models import RetentionRun, RunStatus
from app.audit.retention.deletion.selecting import cutoff_of, end_of
from app.audit.retention.errors import DeletionEnded, DeletionRuns
from app.audit.retention.rules import RETENTION_LOCK, get_days
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.records import lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.RETENTION_UPDATE, audit=AuditTag.RETENTION_RUN_STARTED)
def start_run(actor: Actor) -> Done[RetentionRun]:
    """Begin a round that deletes what is over now; the worker carries it out.

    Raises `DeletionRuns` while another round of the tenant is under way.
    """
    session = current_session()
    lock_in_tenant(session, RETENTION_LOCK)
    if find_running() is not None:
        raise DeletionRuns("A deletion is under way. Wait for it, or call it off.")
    run = plan_run(actor, clock.now())
    session.add(run)
    return Done(
        run,
        targets=(target_of(run),),
        metadata={f"days_{name}": days for name, days in run.days.items()},
    )


@command(requires=Permission.RETENTION_UPDATE, audit=AuditTag.RETENTION_RUN_CANCELLED)
def cancel_run(actor: Actor, run_id: UUID) -> Done[None]:
    """Call a round off; what it deleted stays deleted. Raises `DeletionEnded`, `NotFound`."""
    del actor
    run = _lock_running(run_id)
    run.status, run.finished_at = RunStatus.CANCELLED.value, clock.now()
    return Done(None, targets=(target_of(run),), metadata={"events": sum(run.deleted.values())})


@command(requires=Permission.RETENTION_UPDATE, audit=AuditTag.RETENTION_RUN_FINISHED)
def finish_run(actor: Actor, run_id: UUID) -> Done[None]:
    """Write down that a round is through. Raises `DeletionEnded`, `NotFound`."""
    del actor
    run = _lock_running(run_id)
    run.status, run.finished_at = RunStatus.FINISHED.value, clock.now()
    return Done(
        None,
        targets=(target_of(run),),
        metadata={"events": sum(run.deleted.values()), "held": run.held},
    )


def _lock_running(run_id: UUID) -> RetentionRun:
    lock_in_tenant(current_session(), RETENTION_LOCK)
    run = lock_record(RetentionRun, run_id)
    if run.status != RunStatus.RUNNING:
        raise DeletionEnded("This deletion has ended already.")
    return run


def plan_run(actor: Actor, now: dt.datetime) -> RetentionRun:
    """Return a round as of a moment, with where each class begins and ends."""
    days = get_days()
    until = {name: end_of(cutoff_of(now, kept)) for name, kept in days.items()}
    return RetentionRun(
        id=uuid7(),
        started_by=actor.id,
        started_by_name=actor.name,
        started_at=now,
        days=days,
        reached={name: min(start, until[name]) for name, start in _starts(now).items()},
        until=until,
        deleted=dict.fromkeys(days, 0),
        held=0,
        status=RunStatus.RUNNING.value,
    )


def _starts(now: dt.datetime) -> dict[str, int]:
    """Return where each class begins: where the last round ended, if it left nothing behind.

    The first round of a month begins at the beginning, for whatever was passed over.
    """
    statement = (
        select(RetentionRun)
        .where(RetentionRun.status != RunStatus.RUNNING)
        .order_by(RetentionRun.started_at.desc())
        .limit(1)
    )
    last = current_session().scalars(statement).first()
    same_month = last is not None and f"{last.started_at:%Y%m}" == f"{now:%Y%m}"
    if last is None or last.held or not same_month:
        return {one.name: 0 for one in CLASSES}
    return {one.name: last.reached.get(one.name, 0) for one in CLASSES}


def current_class(run: RetentionRun) -> str | None:
    """Return the class that a round is at; None once it is through all of them."""
    names = (one.name for one in CLASSES)
    return next((name for name in names if run.reached[name] < run.until[name]), None)


def advance(run: RetentionRun, name: str, reached: int, *, held: int, deleted: int = 0) -> None:
    """Note how far a round is with a class."""
    run.reached = {**run.reached, name: reached}
    run.deleted = {**run.deleted, name: run.deleted[name] + deleted}
    run.held += held


def find_running() -> RetentionRun | None:
    """Return the round of the tenant in scope that is under way."""
    statement = select(RetentionRun).where(RetentionRun.status == RunStatus.RUNNING)
    return current_session().scalars(statement).first()


def target_of(run: RetentionRun) -> Target:
    """Return a round as the target of an event."""
    return Target("retention_run", str(run.id), f"Deletion of {run.started_at:%Y-%m-%d}")
