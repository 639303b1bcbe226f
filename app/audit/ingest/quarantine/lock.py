"""One at a time in a tenant's quarantine.

Who puts aside, replays, discards or prunes takes this lock first, then the items, then the head of
the log. Without it a replay that holds an item and waits for the log could meet a sender who holds
the log and sends the same item again; and several senders at once could overfill it.
"""

from sqlalchemy.orm import Session

from app.audit.tenant_lock import lock_in_tenant


def lock_quarantine(session: Session) -> None:
    """Hold the quarantine of the tenant in scope until the transaction ends."""
    lock_in_tenant(session, "quarantine")
