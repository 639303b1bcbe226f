"""Putting events into the table: the one way in, behind every door.

In the caller's transaction: lock the tenant's head, number what is new, insert it with its leaf
and its words, add it to the counts, advance the head. Whoever else writes into the same log waits
at the head until the transaction ends, so that numbers have no gaps and no event is stored twice.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit.event import EventDraft
from app.audit.heads import lock_head
from app.audit.release import current_release
from app.audit.rollups.keeping import add_to_counts
from app.audit.rows import insert_rows, row_of, stored_event_of
from app.kernel import clock
from app.kernel.database import scope_of

# A list as one value: as many ids as there are would be another statement for each number.
_EXISTING = text(
    "SELECT id FROM audit_events WHERE tenant_id = :tenant AND id = ANY (CAST(:ids AS uuid[]))"
)
_ADVANCE = text("UPDATE audit_heads SET size = :size WHERE tenant_id = :tenant")


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
    tenant_id = tenant_in(session)
    next_leaf = lock_head(session, tenant_id)
    known = existing_ids(session, [event.id for event in events])
    new: dict[UUID, EventDraft] = {}
    for event in events:
        if event.id not in known:
            new.setdefault(event.id, event)
    if new:
        _insert(session, tenant_id, list(new.values()), next_leaf, received_from)
    return set(new)


def tenant_in(session: Session) -> UUID:
    """Return whose log the session writes into; raises `RuntimeError` where that is nobody's."""
    tenant_id = scope_of(session).tenant_id
    if tenant_id is None:
        raise RuntimeError("Events belong to a tenant, and none is in scope.")
    return tenant_id


def existing_ids(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of the ids the tenant's log already holds."""
    return set(session.scalars(_EXISTING, {"tenant": tenant_in(session), "ids": list(ids)}))


def _insert(
    session: Session,
    tenant_id: UUID,
    drafts: Sequence[EventDraft],
    next_leaf: int,
    received_from: str | None,
) -> None:
    now, release = clock.now(), current_release()
    events = [
        stored_event_of(
            tenant_id, draft, received_at=now, received_from=received_from, release=release
        )
        for draft in drafts
    ]
    rows = [row_of(event, leaf) for leaf, event in enumerate(events, start=next_leaf)]
    session.execute(insert_rows(), {"rows": json.dumps(rows, ensure_ascii=False)})
    add_to_counts(session, tenant_id, events)
    session.execute(_ADVANCE, {"tenant": tenant_id, "size": next_leaf + len(events)})
