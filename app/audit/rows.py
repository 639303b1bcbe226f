"""What a draft becomes in the table: all that is stored of it."""

import datetime as dt
from typing import Any
from uuid import UUID

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
    return {
        "tenant_id": str(event.tenant_id),
        "received_at": event.received_at.isoformat(),
        "received_from": event.received_from,
        "release": event.release,
        "leaf": leaf,
        **own_part_of(event),
    }


def own_part_of(event: StoredEvent) -> dict[str, Any]:
    """Return what the row of an event does not share with those that were sent along with it."""
    salt = event.salt or b""
    return {
        "id": str(event.id),
        "occurred_at": event.occurred_at.isoformat(),
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
        "retention": event.retention,
        "leaf_hash": f"\\x{leaf_hash(leaf_content(event)).hex()}",
        "salt": f"\\x{salt.hex()}",
        "search": vector_of(event),
    }
