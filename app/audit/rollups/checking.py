"""Comparing the counts with the log, by night or by command, and telling what is wrong."""

import logging
from collections.abc import Sequence
from uuid import UUID

from app.audit.rollups import measures
from app.audit.rollups.drift import Drift, find_drift, mend_counts
from app.kernel.actor import Actor, system_actor
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.database import Scope, current_session, scope_of
from app.kernel.routing import database
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

WORKER = "worker"

log = logging.getLogger(__name__)


def compare_round(tenant_ids: Sequence[UUID]) -> None:
    """Compare the counts of every log with it; what is wrong goes into that log, and is left."""
    drifted = 0
    for tenant_id in tenant_ids:
        with database().session(Scope(tenant_id)):
            found = check_counts(system_actor(tenant_id, WORKER))
            drifted += len(found)
            measures.CHECKED.labels("drifted" if found else "right").inc()
            if found:
                log.warning("audit_counts_drifted", extra={"wrong": len(found)})
    measures.DRIFTED.set(drifted)


def check_counts(actor: Actor, *, mend: bool = False) -> list[Drift]:
    """Return which counts of the tenant in scope are wrong, and write into its log that some are.

    `mend` sets them right as well, in the transaction that writes the event.
    """
    found = find_drift()
    if found:
        report_drift(actor, found, mend=mend)
    return found


@command(requires=Permission.AUDIT_EVENT_CREATE, audit=AuditTag.AUDIT_COUNT_DRIFTED)
def report_drift(actor: Actor, found: Sequence[Drift], *, mend: bool) -> Done[None]:
    """Write into the log that its counts were wrong, and mend them where that is asked for."""
    del actor  # recorded by the wrapper
    if mend:
        # Under the lock, and so perhaps no longer the same.
        found = mend_counts()
    return Done(
        None,
        targets=(Target("audit_log", str(scope_of(current_session()).tenant_id), "Audit log"),),
        outcome=Outcome.FAILURE,
        reason="Counts beside the log were not what it says.",
        metadata={"wrong": len(found), "mended": mend},
    )
