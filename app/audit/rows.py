"""What a draft becomes in the table: all that is stored of it, and the statement that stores it."""

import datetime as dt
import functools
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, String, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects.postgresql import JSON

from app.audit.event import EventDraft
from app.audit.models import AuditEvent
from app.audit.proof.leaves import StoredEvent, leaf_content, leaf_hash, new_salt
from app.audit.search.lexemes import vector_of

EVENTS = AuditEvent.metadata.tables[AuditEvent.__tablename__]
# Only an erasure writes these.
_LATER = frozenset({"erased_at", "commitments"})
COLUMNS = tuple(one for one in EVENTS.columns if one.name not in _LATER)


def stored_event_of(
    tenant_id: UUID,
    draft: EventDraft,
    *,
    received_at: dt.datetime,
    received_from: str | None,
    release: str,
) -> StoredEvent:
    """Return everything that is stored of a draft, with a new salt."""
    first = draft.targets[0] if draft.targets else None
    return StoredEvent(
        tenant_id=tenant_id,
        id=draft.id,
        occurred_at=draft.occurred_at,
        received_at=received_at,
        actor_type=draft.actor.type,
        actor_id=draft.actor.id,
        actor_name=draft.actor.name,
        action=draft.action,
        outcome=draft.outcome.value,
        target_type=first.type if first else None,
        target_id=first.id if first else None,
        target_name=first.name if first else None,
        targets=[{"type": t.type, "id": t.id, "name": t.name} for t in draft.targets],
        source_ip=draft.source_ip,
        user_agent=draft.user_agent,
        session=draft.session,
        request_id=draft.request_id,
        reason=draft.reason,
        changes=draft.changes,
        metadata=draft.metadata,
        event_type_version=draft.version,
        received_from=received_from,
        release=release,
        retention=draft.retention,
        salt=new_salt(),
    )


def row_of(event: StoredEvent, leaf: int) -> dict[str, Any]:
    """Return the row of an event as JSON holds it, with its number, its leaf and its words."""
    salt = event.salt or b""
    return {
        "tenant_id": str(event.tenant_id),
        "id": str(event.id),
        "occurred_at": event.occurred_at.isoformat(),
        "received_at": event.received_at.isoformat(),
        "actor_type": event.actor_type,
        "actor_id": event.actor_id,
        "actor_name": event.actor_name,
        "action": event.action,
        "outcome": event.outcome,
        "target_type": event.target_type,
        "target_id": event.target_id,
        "target_name": event.target_name,
        "targets": event.targets,
        "source_ip": event.source_ip,
        "user_agent": event.user_agent,
        "session": event.session,
        "request_id": event.request_id,
        "reason": event.reason,
        "changes": event.changes,
        "metadata": event.metadata,
        "event_type_version": event.event_type_version,
        "received_from": event.received_from,
        "release": event.release,
        "retention": event.retention,
        "leaf": leaf,
        "leaf_hash": f"\\x{leaf_hash(leaf_content(event)).hex()}",
        "salt": f"\\x{salt.hex()}",
        "search": vector_of(event),
    }


@functools.cache
def insert_rows() -> Insert:
    """Return the statement that stores rows, all of them in one JSON list, `rows`.

    Under row-level security PostgreSQL copies into no table, and this is nearly as fast: one
    parameter, read by the server itself.
    """
    document = cast(bindparam("rows", type_=String), JSON)
    typed = (column(one.name, one.type) for one in COLUMNS)
    rows = func.json_to_recordset(document).table_valued(*typed).render_derived(with_types=True)
    return insert(EVENTS).from_select(
        [one.name for one in COLUMNS], select(*rows.c), include_defaults=False
    )
