"""Forgetting what has waited in quarantine for longer than the tenant keeps it."""

from app.audit.ingest.quarantine.clearing import expire_items
from app.audit.ingest.quarantine.errors import NothingWaits
from app.kernel.actor import system_actor
from app.kernel.database import current_session, scope_of

WORKER = "worker"


def prune_quarantine() -> int:
    """Delete what is too old in the quarantine of the tenant in scope; return how many."""
    try:
        return expire_items(system_actor(scope_of(current_session()).tenant_id, WORKER))
    except NothingWaits:
        return 0
