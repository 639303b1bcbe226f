"""Taking many items out of quarantine for good: a person does it by action, the clock by age."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete

from app.audit.ingest.quarantine.errors import NothingWaits
from app.audit.ingest.quarantine.lock import lock_quarantine
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.ingest.quarantine.queries import of_action, too_old
from app.audit.ingest.quarantine.service import ANY_ACTION
from app.audit.ingest.rules.service import get_rules
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.QUARANTINE_UPDATE, audit=AuditTag.QUARANTINE_CLEARED)
def clear_quarantine(actor: Actor, *, action: str | None, reason: str) -> Done[int]:
    """Throw away everything that waits of an action, or of all; return how many items.

    The log keeps how many, and a hash over theirs. Raises `NothingWaits`.
    """
    return _cleared(actor, action, of_action(action), reason or None)


@command(requires=Permission.QUARANTINE_UPDATE, audit=AuditTag.QUARANTINE_CLEARED)
def expire_items(actor: Actor) -> Done[int]:
    """Throw away what has waited for longer than the rules say; return how many items.

    Raises `NothingWaits`.
    """
    days = get_rules().quarantine_days
    return _cleared(actor, None, [too_old(clock.now(), days)], f"Waited longer than {days} days.")


def _cleared(
    actor: Actor, action: str | None, which: Sequence[ColumnElement[bool]], reason: str | None
) -> Done[int]:
    session = current_session()
    lock_quarantine(session)
    gone = delete(QuarantinedItem).where(*which).returning(QuarantinedItem.item_hash)
    hashes = sorted(session.scalars(gone))
    if not hashes:
        raise NothingWaits("Nothing of that kind waits in quarantine.")
    return Done(
        len(hashes),
        targets=(Target("quarantine", str(actor.tenant), action or ANY_ACTION),),
        reason=reason,
        metadata={
            "action": action,
            "items": len(hashes),
            "sha256": hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
        },
    )
