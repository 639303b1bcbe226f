"""Deleting one batch: the record, the counts and the rows, in one transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.audit.heads import lock_head
from app.audit.proof.deleted_leaves import record_of
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.models import AuditCheckpoint
from app.audit.removal.doors import delete_events
from app.audit.retention.deletion.models import AuditDeletion, RetentionRun, RunStatus
from app.audit.retention.deletion.runs import advance, current_class
from app.audit.retention.deletion.selecting import Over, cutoff_of, look
from app.audit.retention.errors import DeletionEnded, NothingToDelete
from app.audit.retention.holds.scope import list_in_force
from app.audit.retention.rules import RETENTION_LOCK
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.records import lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

_NOTE_IDS = text(
    "INSERT INTO audit_deleted_events (tenant_id, id, leaf)"
    " SELECT :tenant, gone.id, gone.leaf"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:leaves AS bigint[])) AS gone (id, leaf)"
)


@command(requires=Permission.RETENTION_UPDATE, audit=AuditTag.AUDIT_EVENT_DELETED)
def delete_batch(actor: Actor, run_id: UUID) -> Done[int]:
    """Delete the next events of a round whose time is over; return how many.

    Raises `NothingToDelete` where the next stretch holds none, `DeletionEnded` when the round
    was called off or is through, `NotFound`.
    """
    session = current_session()
    lock_in_tenant(session, RETENTION_LOCK)
    run = lock_record(RetentionRun, run_id)
    name = current_class(run) if run.status == RunStatus.RUNNING else None
    if name is None:
        raise DeletionEnded("This deletion has ended already.")
    before = cutoff_of(run.started_at, run.days[name])
    found = look(name, before, run.reached[name], run.until[name], list_in_force())
    if not found.events:
        raise NothingToDelete(found.reached, found.held)
    lock_head(session, actor.tenant)
    sealed = find_last_checkpoint()
    if sealed is None:
        raise NothingToDelete(found.reached, found.held)
    record = _record(run, name, found.events, sealed)
    session.add(record)
    session.flush()
    leaves = [event.leaf for event in found.events]
    ids = [event.id for event in found.events]
    session.execute(_NOTE_IDS, {"tenant": actor.tenant, "ids": ids, "leaves": leaves})
    advance(run, name, found.reached, held=found.held, deleted=record.events)
    return Done(
        record.events,
        event_id=record.id,
        targets=(Target("audit_log", str(actor.tenant), "Audit log"),),
        metadata=_said_of(record, leaves),
        after_event=(lambda: delete_events(leaves, record.id),),
    )


def _record(
    run: RetentionRun, name: str, events: Sequence[Over], sealed: AuditCheckpoint
) -> AuditDeletion:
    received = [event.received_at for event in events]
    return AuditDeletion(
        id=uuid7(),
        run_id=run.id,
        deleted_at=clock.now(),
        retention=name,
        days=run.days[name],
        events=len(events),
        first_leaf=events[0].leaf,
        last_leaf=events[-1].leaf,
        received_first=min(received),
        received_last=max(received),
        tree_size=sealed.size,
        root=sealed.root,
    )


def _said_of(record: AuditDeletion, leaves: Sequence[int]) -> dict[str, Any]:
    """Return what the sealed event says of a deletion: which leaves, by which rule, what before."""
    return {
        **record_of(leaves),
        "retention": record.retention,
        "days": record.days,
        "first_leaf": record.first_leaf,
        "last_leaf": record.last_leaf,
        "received_first": record.received_first.isoformat(),
        "received_last": record.received_last.isoformat(),
        "tree_size": record.tree_size,
        "root": record.root.hex(),
    }
