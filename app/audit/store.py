"""Putting events into the table: the one insert statement behind every door."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.event import EventDraft
from app.audit.models import AuditEvent
from app.audit.release import current_release
from app.kernel.database import scope_of

SEARCHED_CHARACTERS = 4_000
ROWS_A_STATEMENT = 500

_EVENTS = cast("Table", AuditEvent.__table__)

# Built once: SQLAlchemy keeps its compiled form and only fills in the rows, some hundred of
# them a statement.
_INSERT = (
    insert(_EVENTS)
    .values(search=func.to_tsvector("simple", bindparam("searchable")))
    .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
    .returning(_EVENTS.c.id)
    .execution_options(insertmanyvalues_page_size=ROWS_A_STATEMENT)
)


def store_events(
    session: Session, events: Sequence[EventDraft], *, received_from: str | None = None
) -> set[UUID]:
    """Store the events of the session's tenant; return the ids that were new.

    An id that the tenant already has is left as it is: sending twice stores once. Runs in the
    caller's transaction. `received_from` says who delivered them from outside: whoever may send
    events may name any actor, and this is what tells such an event from an act of the app.
    Raises nothing of its own; the drafts have been validated.
    """
    if not events:
        return set()
    tenant_id = scope_of(session).tenant_id
    if tenant_id is None:
        raise RuntimeError("Events belong to a tenant, and none is in scope.")
    release = current_release()
    # In one order everywhere, so that two senders of the same events wait for each other
    # instead of deadlocking.
    in_order = sorted(events, key=lambda event: event.id)
    rows = [_row(tenant_id, event, release, received_from) for event in in_order]
    return set(session.scalars(_INSERT, rows))


def existing_ids(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of the ids the tenant's log already holds."""
    return set(session.scalars(select(AuditEvent.id).where(AuditEvent.id.in_(ids))))


def _row(
    tenant_id: UUID, event: EventDraft, release: str, received_from: str | None
) -> dict[str, object]:
    first = event.targets[0] if event.targets else None
    return {
        "tenant_id": tenant_id,
        "id": event.id,
        "occurred_at": event.occurred_at,
        "actor_type": event.actor.type,
        "actor_id": event.actor.id,
        "actor_name": event.actor.name,
        "action": event.action,
        "outcome": event.outcome.value,
        "target_type": first.type if first else None,
        "target_id": first.id if first else None,
        "target_name": first.name if first else None,
        "targets": [{"type": t.type, "id": t.id, "name": t.name} for t in event.targets],
        "source_ip": event.source_ip,
        "user_agent": event.user_agent,
        "session": event.session,
        "request_id": event.request_id,
        "reason": event.reason,
        "changes": {key: dict(change) for key, change in event.changes.items()},
        "metadata": dict(event.metadata),
        "event_type_version": event.version,
        "release": release,
        "received_from": received_from,
        "searchable": _searchable(event, received_from),
    }


def _searchable(event: EventDraft, received_from: str | None) -> str:
    """Return the words by which the event can be found with free text."""
    words = [event.actor.id, event.actor.name, event.action, event.reason, event.user_agent]
    words += [event.source_ip, event.session, received_from]
    for target in event.targets:
        words += [target.id, target.name]
    for change in event.changes.values():
        words += [change.get("before"), change.get("after")]
    words += [str(value) for value in event.metadata.values() if isinstance(value, str | int)]
    # Punctuation ends up inside lexemes otherwise, and "ci deploy" would not find "ci-deploy".
    text = " ".join(word for word in words if word)
    spread = "".join(c if c.isalnum() else " " for c in text)
    return f"{text} {spread}"[:SEARCHED_CHARACTERS]
