"""Events and the head of the log, as the database has them."""

from sqlalchemy import select

from app.audit.models import AuditEvent, AuditHead
from app.audit.proof.leaves import StoredEvent
from app.kernel.database import current_session


def stored_event(row: AuditEvent) -> StoredEvent:
    """Return a row of the log as the value that its leaf is made of."""
    return StoredEvent(
        tenant_id=row.tenant_id,
        id=row.id,
        occurred_at=row.occurred_at,
        received_at=row.received_at,
        actor_type=row.actor_type,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        action=row.action,
        outcome=row.outcome,
        target_type=row.target_type,
        target_id=row.target_id,
        target_name=row.target_name,
        targets=row.targets,
        # The driver may give address objects; the leaf takes text.
        source_ip=None if row.source_ip is None else str(row.source_ip),
        user_agent=row.user_agent,
        session=row.session,
        request_id=row.request_id,
        reason=row.reason,
        changes=row.changes,
        metadata=row.extra,
        event_type_version=row.event_type_version,
        received_from=row.received_from,
        release=row.release,
        retention=row.retention,
        salt=row.salt,
        commitments=row.commitments or {},
    )


def log_size() -> int:
    """Return how many leaves the log of the tenant in scope has, sealed or not."""
    return current_session().scalar(select(AuditHead.size)) or 0
