"""Forgetting what has waited in quarantine for longer than the tenant keeps it."""

from sqlalchemy import delete

from app.audit.ingest.quarantine.lock import lock_quarantine
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.ingest.quarantine.queries import too_old
from app.audit.ingest.rules.service import get_rules
from app.kernel import clock
from app.kernel.database import unit_of_work


def prune_quarantine() -> int:
    """Delete what is too old in the quarantine of the tenant in scope; return how many."""
    with unit_of_work() as session:
        lock_quarantine(session)
        old = delete(QuarantinedItem).where(too_old(clock.now(), get_rules().quarantine_days))
        pruned = session.scalars(old.returning(QuarantinedItem.id))
        return len(list(pruned))
