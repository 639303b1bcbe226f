"""Placing a hold on events, and releasing it."""

from uuid import UUID

from app.audit.reading.windows import query_of
from app.audit.retention.errors import HoldReleased
from app.audit.retention.holds.models import LegalHold
from app.audit.retention.rules import RETENTION_LOCK
from app.audit.tenant_lock import lock_in_tenant
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Moment
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.problems import InvalidInput
from app.kernel.records import lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

WHOLE_LOG = "The whole log"
_NAME_SHOWN = 120


@command(requires=Permission.RETENTION_UPDATE, audit=AuditTag.LEGAL_HOLD_PLACED)
def place_hold(actor: Actor, query_text: str, reason: str, moment: Moment) -> Done[LegalHold]:
    """Hold the events of a query, those to come included; an empty one holds the whole log.

    Waits for a deletion that runs this moment; afterwards nothing it covers goes. Raises
    `InvalidInput` for a query that cannot be read, or without a reason.
    """
    query = query_of(query_text)
    if query.errors:
        raise InvalidInput(f"The filter could not be read. {query.errors[0].sentence}")
    if not reason.strip():
        raise InvalidInput("Say why the events have to stay.")
    session = current_session()
    lock_in_tenant(session, RETENTION_LOCK)
    hold = LegalHold(
        tenant_id=actor.tenant,
        id=uuid7(),
        query=query.canonical(),
        zone=moment.zone.key,
        reason=reason.strip(),
        placed_by=actor.id,
        placed_by_name=actor.name,
        placed_at=moment.now,
    )
    session.add(hold)
    return Done(
        hold,
        targets=(target_of(hold),),
        reason=hold.reason,
        metadata={"query": hold.query},
    )


@command(requires=Permission.RETENTION_UPDATE, audit=AuditTag.LEGAL_HOLD_RELEASED)
def release_hold(actor: Actor, hold_id: UUID, reason: str, moment: Moment) -> Done[None]:
    """Let go of what a hold covers; the next deletion takes what is over by then.

    Raises `HoldReleased`, `InvalidInput` without a reason, `NotFound`.
    """
    if not reason.strip():
        raise InvalidInput("Say why the events may go again.")
    lock_in_tenant(current_session(), RETENTION_LOCK)
    hold = lock_record(LegalHold, hold_id)
    if hold.released_at is not None:
        raise HoldReleased("This hold was released already.")
    hold.released_at, hold.released_by = moment.now, actor.id
    hold.released_by_name = actor.name
    return Done(
        None,
        targets=(target_of(hold),),
        reason=reason.strip(),
        metadata={"query": hold.query},
    )


def target_of(hold: LegalHold) -> Target:
    """Return a hold as the target of an event."""
    return Target("legal_hold", str(hold.id), (hold.query or WHOLE_LOG)[:_NAME_SHOWN])
