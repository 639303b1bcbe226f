"""Where the numbering of a tenant's log stands, and the lock on it.

Whoever adds events, takes some away, or counts them anew holds this lock until the end of the
transaction: so numbers have no gaps, and counts are changed by one at a time.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.models import AuditHead


def lock_head(session: Session, tenant_id: UUID) -> int:
    """Lock the numbering of the tenant until the transaction ends; return the next number.

    Who needs several tenants in one transaction locks them in the order of their ids.
    """
    locked = select(AuditHead.size).with_for_update(key_share=True)
    size = session.scalar(locked)
    if size is None:
        row = {"tenant_id": tenant_id, "size": 0}
        session.execute(insert(AuditHead).values(row).on_conflict_do_nothing())
        size = session.scalar(locked)
    return size or 0
