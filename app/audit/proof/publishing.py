"""Publishing: the newest checkpoint goes to every destination, again and again until it is there.

Without a copy outside, a seal shows only that the log fits itself: whoever has the database and
the key can write both anew. With one, they cannot without being found out.
"""

import datetime as dt
import logging
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.audit.proof import measures
from app.audit.proof.broken import SealBroken
from app.audit.proof.checkpoints import Checkpoint
from app.audit.proof.destinations import Address, Destination, Folder, NotDelivered, Parcel
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.kept_tree import KeptTree
from app.audit.proof.models import AuditCheckpoint, AuditPublication
from app.audit.proof.settings import SealSettings, seal_settings
from app.audit.proof.tree import root
from app.kernel import clock
from app.kernel.database import Scope, current_session, scope_of, unit_of_work
from app.kernel.routing import database

# A checkpoint covers all before it, so that not each has to go out.
EVERY = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(hours=1)
_MOST_DOUBLINGS = 6

log = logging.getLogger(__name__)


def destinations(settings: SealSettings) -> list[Destination]:
    """Return where checkpoints go."""
    found: list[Destination] = []
    if settings.publish_folder is not None:
        found.append(Folder(settings.publish_folder))
    if settings.publish_url is not None:
        found.append(Address(settings.publish_url))
    return found


def publish_round(tenant_ids: Sequence[UUID]) -> None:
    """Send the newest checkpoint of each of these tenants wherever it is due.

    When a destination does not answer, it is left alone for the rest of the round: the others
    would wait for it just as long.
    """
    for destination in destinations(seal_settings()):
        for tenant_id in tenant_ids:
            with database().session(Scope(tenant_id)):
                problem = publish_newest(destination)
            if problem is not None and isinstance(destination, Address):
                break


def publish_newest(destination: Destination) -> str | None:
    """Send the newest checkpoint of the tenant in scope if it is due; return what went wrong."""
    newest = find_last_checkpoint()
    if newest is None or not _is_due(destination.name, newest):
        return None
    problem = None
    try:
        destination.deliver(_parcel(newest))
    except NotDelivered as failure:
        problem = str(failure)
    measures.PUBLISHED.labels(destination.name, "failed" if problem else "kept").inc()
    _note(destination.name, newest, problem)
    if problem is not None:
        log.warning("checkpoint_not_published", extra={"reason": problem})
    return problem


def list_publications() -> Sequence[AuditPublication]:
    """Return how far each destination has got with the log in scope."""
    return current_session().scalars(select(AuditPublication)).all()


def _is_due(name: str, newest: AuditCheckpoint) -> bool:
    known = current_session().get(AuditPublication, (scope_of(current_session()).tenant_id, name))
    if known is None:
        return True
    if newest.size == known.size and known.problem is None:
        return False
    return known.next_attempt_at is None or known.next_attempt_at <= clock.now()


def _parcel(checkpoint: AuditCheckpoint) -> Parcel:
    def continues(then: Checkpoint) -> bool:
        try:
            return then.size <= checkpoint.size and root(then.size, KeptTree()) == then.root
        except SealBroken:
            return False

    return Parcel(
        checkpoint.tenant_id,
        checkpoint.size,
        checkpoint.note,
        checkpoint.created_at,
        continues,
    )


def _note(name: str, checkpoint: AuditCheckpoint, problem: str | None) -> None:
    with unit_of_work() as session:
        tenant_id = scope_of(session).tenant_id
        known = session.get(AuditPublication, (tenant_id, name), populate_existing=True)
        attempts = (known.attempts if known else 0) + 1 if problem else 0
        now = clock.now()
        values = {
            "size": checkpoint.size if problem is None else known.size if known else 0,
            "published_at": now if problem is None else known.published_at if known else None,
            "attempts": attempts,
            "next_attempt_at": now + _pause(attempts),
            "problem": problem,
        }
        statement = insert(AuditPublication).values(tenant_id=tenant_id, destination=name, **values)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "destination"], set_=values
            )
        )


def _pause(attempts: int) -> dt.timedelta:
    """Return how long to wait: five minutes after a success, else 1, 2, 4 … up to 60 minutes."""
    if attempts == 0:
        return EVERY
    return min(dt.timedelta(minutes=2 ** min(attempts - 1, _MOST_DOUBLINGS)), LONGEST_PAUSE)
