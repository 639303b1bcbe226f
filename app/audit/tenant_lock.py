"""One at a time in a tenant: locks for what rows alone cannot order."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.database import scope_of


def lock_in_tenant(session: Session, what: str) -> None:
    """Hold the lock of that name in the tenant in scope until the transaction ends.

    Comes before every row of what it orders and before the head of the log, so that nobody waits
    in a circle.
    """
    name = f"{what} {scope_of(session).tenant_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
