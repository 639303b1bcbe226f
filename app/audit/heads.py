"""Where the numbering of a tenant's log stands, and the lock on it.

Whoever adds events, takes some away, or counts them anew holds this lock until the end of the
transaction: so numbers have no gaps, and counts are changed by one at a time.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = text("SELECT size FROM audit_heads WHERE tenant_id = :tenant FOR NO KEY UPDATE")
_BEGIN = text(
    "INSERT INTO audit_heads (tenant_id, size) VALUES (:tenant, 0) ON CONFLICT DO NOTHING"
)


def lock_head(session: Session, tenant_id: UUID) -> int:
    """Lock the numbering of the tenant until the transaction ends; return the next number.

    Who needs several tenants in one transaction locks them in the order of their ids.
    """
    tenant = {"tenant": tenant_id}
    size = session.scalar(_LOCK, tenant)
    if size is None:
        session.execute(_BEGIN, tenant)
        size = session.scalar(_LOCK, tenant)
    return int(size or 0)
