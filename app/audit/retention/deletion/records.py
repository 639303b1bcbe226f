"""Reading what was deleted: for pages, and for the address of an event that is gone."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.audit.removal.doors import find_deleted
from app.audit.retention.deletion.models import AuditDeletedEvent, AuditDeletion
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.kernel.tenant_wall import tenant_in_scope


def list_deletions(limit: int) -> Sequence[AuditDeletion]:
    """Return the newest deletions of the tenant in scope, newest first."""
    statement = select(AuditDeletion).order_by(AuditDeletion.id.desc()).limit(limit)
    return current_session().scalars(statement).all()


def get_deletion_of(event_id: UUID) -> AuditDeletion:
    """Return the record of the deletion of an event; raises `NotFound` where none was deleted."""
    statement = select(AuditDeletedEvent.leaf).where(AuditDeletedEvent.id == event_id)
    leaf = current_session().scalar(statement.order_by(AuditDeletedEvent.leaf.desc()).limit(1))
    record = None if leaf is None else find_deleted(leaf, leaf + 1).get(leaf)
    found = record and current_session().get(AuditDeletion, (tenant_in_scope(), record))
    if not found:
        raise NotFound
    return found
