"""The two doors past append-only: deleting events after their time, erasing values from events.

The app's role can neither change nor delete events. Two functions of the schema's owner can, in
the tenant of the session only, and hold to rules that no mistake of the app gets around:

- `audit_delete_events` deletes events by their leaves, whole or not at all: only sealed ones,
  never the record of a deletion, and only beside a record, an event `audit_event.deleted` of the
  app itself that is in the log already. It takes them out of the counts and keeps which leaves
  went with which record.
- `audit_erase_events` writes what is left of events after an erasure, for one that is under way
  and that two people decided on. It takes away and adds nothing: leaf, hash, time, action and
  outcome cannot be changed by it, a value stays as it was or goes, and the salt goes.

Whoever deletes by class and time reads `list_due` first, writes the record (`store_events` with
the metadata of `proof.deleted_leaves.record_of`), and calls `delete_events`, all in one
transaction; in batches of some thousand, since ingestion of the tenant waits meanwhile.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.audit.heads import lock_head
from app.audit.models import AuditEvent
from app.audit.proof.deleted_leaves import count_sealed
from app.audit.proof.erasing import Erasure
from app.audit.removal.models import AuditDeletedRun
from app.audit.search.lexemes import vector_of
from app.kernel.database import current_session
from app.kernel.tenant_wall import tenant_in_scope

# What records a deletion; it is never deleted itself.
DELETED = "audit_event.deleted"
AT_ONCE = 2_000

_DELETE = text("SELECT audit_delete_events(:leaves, :record)")
_ERASE = text("SELECT audit_erase_events(:erasure, CAST(:rows AS json))")


def list_due(
    retention: str, before: dt.datetime, *, most: int = AT_ONCE, from_leaf: int = 0
) -> list[int]:
    """Return leaves, rising, of sealed events of a class that happened before a moment.

    At most so many, from a leaf on; records of deletions are left out. Call it with the head of
    the tenant locked (`heads.lock_head`), in the transaction that deletes.
    """
    statement = (
        select(AuditEvent.leaf)
        .where(
            AuditEvent.leaf >= from_leaf,
            AuditEvent.leaf < count_sealed(),
            AuditEvent.retention == retention,
            AuditEvent.occurred_at < before,
            (AuditEvent.action != DELETED) | AuditEvent.received_from.is_not(None),
        )
        .order_by(AuditEvent.leaf)
        .limit(most)
    )
    return list(current_session().scalars(statement))


def delete_events(leaves: Sequence[int], record_id: UUID) -> None:
    """Delete the events of these leaves, in the open transaction, and take them out of the counts.

    `record_id` is the event that records the deletion, stored before. Raises SQLAlchemy's
    `InternalError`, and deletes nothing, when a leaf is not there, not sealed, or a record, or
    when the record is missing.
    """
    session = current_session()
    lock_head(session, tenant_in_scope())
    session.execute(_DELETE, {"leaves": list(leaves), "record": record_id})


def find_deleted(start: int, end: int) -> Mapping[int, UUID]:
    """Return the deleted leaves of a range, each with the id of its record (`FindDeletions`)."""
    runs = current_session().scalars(
        select(AuditDeletedRun).where(
            AuditDeletedRun.first_leaf < end, AuditDeletedRun.end_leaf > start
        )
    )
    return {
        leaf: run.record_id
        for run in runs
        for leaf in range(max(run.first_leaf, start), min(run.end_leaf, end))
    }


def write_erasures(erasure_id: UUID, erasures: Sequence[Erasure]) -> None:
    """Write what is left of events, with their words made anew, in the open transaction.

    `erasure_id` is the erasure of a person that is under way (`PersonErasure`); whoever carries it
    out sees to it that nobody else does. Raises SQLAlchemy's `InternalError`, and writes nothing,
    when there is none that two people decided on, the whole log is under hold, an event is not
    there, or something would be added to one.
    """
    rows = [_row(erasure) for erasure in erasures]
    parameters = {"erasure": erasure_id, "rows": json.dumps(rows, ensure_ascii=False)}
    current_session().execute(_ERASE, parameters)


def _row(erasure: Erasure) -> dict[str, Any]:
    columns = {name: value for name, value in erasure.columns.items() if name != "salt"}
    columns["erased_at"] = erasure.columns["erased_at"].isoformat()
    return {"id": str(erasure.event.id), **columns, "search": vector_of(erasure.event)}
