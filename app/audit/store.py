"""Putting events into the table: the one way in, behind every door.

In the caller's transaction: make the rows of the events, lock the tenant's head, and then, in one
statement, number what is new, insert it with its leaf and its words, add it to the counts and
advance the head. Whoever else writes into the same log waits at the head until the transaction
ends, so that numbers have no gaps and no event is stored twice.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.event import EventDraft
from app.audit.heads import lock_head
from app.audit.release import current_release
from app.audit.rows import own_part_of, stored_event_of
from app.audit.storing import STORE
from app.kernel import clock
from app.kernel.database import scope_of


def store_events(
    session: Session, events: Sequence[EventDraft], *, received_from: str | None = None
) -> set[UUID]:
    """Store the events of the session's tenant; return the ids that were new.

    An id that the tenant already has is left as it is, and so is one that comes again in
    `events`: sending twice stores once. Runs in the caller's transaction. `received_from` says
    who delivered them from outside: whoever may send events may name any actor, and this is what
    tells such an event from an act of the app. Raises nothing of its own; the drafts have been
    validated.
    """
    if not events:
        return set()
    tenant_id, now, release = tenant_in(session), clock.now(), current_release()
    distinct: dict[UUID, EventDraft] = {}
    for event in events:
        distinct.setdefault(event.id, event)
    # Most of the work, and therefore done before others have to wait for us.
    rows = [
        own_part_of(
            stored_event_of(
                tenant_id, draft, received_at=now, received_from=received_from, release=release
            )
        )
        for draft in distinct.values()
    ]
    asked = {
        "rows": json.dumps(rows, ensure_ascii=False),
        "tenant": tenant_id,
        "received_at": now,
        "received_from": received_from,
        "release": release,
        "next": lock_head(session, tenant_id),
    }
    return set(session.scalars(STORE, asked))


def tenant_in(session: Session) -> UUID:
    """Return whose log the session writes into; raises `RuntimeError` where that is nobody's."""
    tenant_id = scope_of(session).tenant_id
    if tenant_id is None:
        raise RuntimeError("Events belong to a tenant, and none is in scope.")
    return tenant_id
