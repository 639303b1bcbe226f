"""The worker's rounds: sealing every few seconds, reading again by night, over all tenants."""

import logging
import time
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditEvent
from app.audit.proof import measures
from app.audit.proof.broken import SealBroken
from app.audit.proof.checking import check_window
from app.audit.proof.findings import CheckKind, Finding, find_last_check, record_finding
from app.audit.proof.kept_checkpoints import find_last_checkpoint
from app.audit.proof.keys import KeyRing, KeyUnusable, load_keys, make_key
from app.audit.proof.sealing import Progress, count_waiting, seal_batch
from app.audit.proof.settings import seal_settings
from app.kernel import clock
from app.kernel.actor import system_actor
from app.kernel.database import Scope, current_session
from app.kernel.routing import database

# A round ends after this, so that a long backlog of one tenant is done in several.
LONGEST_ROUND_S = 60.0
WORKER = "worker"

# One round trip for all tenants, each looked at in its own scope (see the migration 0007).
_NEWS = text("SELECT audit_logs_with_news(CAST(:logs AS uuid[]))")

log = logging.getLogger(__name__)


def keys_to_seal_with() -> KeyRing | None:
    """Return the keys, made first where that is allowed; None when nothing can be signed."""
    settings = seal_settings()
    try:
        keys = load_keys(settings.keys)
        if not keys.keys and settings.makes_key:
            make_key(settings.keys)
            keys = load_keys(settings.keys)
    except (KeyUnusable, OSError) as error:
        log.warning("seal_key_unusable", extra={"reason": str(error)})
        return None
    return keys if keys.signs else None


def seal_round(tenant_ids: Sequence[UUID]) -> int:
    """Seal what is new in the logs of these tenants; return how many events still wait.

    Tenants with much to seal take turns, 20,000 events each. One whose log is broken keeps back
    no other: it is reported, and left until it is mended.
    """
    keys, deadline = keys_to_seal_with(), time.monotonic() + LONGEST_ROUND_S
    busy, waiting, broken, lag = _with_news(tenant_ids), 0, 0, 0.0
    while busy:
        again = []
        for tenant_id in busy:
            with database().session(Scope(tenant_id)):
                progress = _seal_one(tenant_id, keys)
                if progress is None:
                    broken += 1
                elif progress.sealed and progress.waiting and time.monotonic() < deadline:
                    again.append(tenant_id)
                elif progress.waiting:
                    waiting += progress.waiting
                    lag = max(lag, _age_of_oldest())
        busy = again
    measures.WAITING.set(waiting)
    measures.LAG.set(lag)
    measures.BROKEN.set(broken)
    return waiting


def check_round(tenant_ids: Sequence[UUID]) -> None:
    """Read some events of every log again, and compare its tree with what was signed."""
    keys = keys_to_seal_with() or KeyRing(())
    for tenant_id in tenant_ids:
        with database().session(Scope(tenant_id)):
            finding = check_window(keys)
            if finding is not None:
                measures.CHECKED.labels("broken" if finding.problem else "right").inc()
                record_finding(system_actor(tenant_id, WORKER), finding)


def _with_news(tenant_ids: Sequence[UUID]) -> list[UUID]:
    """Return the tenants with unsealed events, or with fewer events than were sealed."""
    with database().session() as session:
        return list(session.scalars(_NEWS, {"logs": list(tenant_ids)}))


def _seal_one(tenant_id: UUID, keys: KeyRing | None) -> Progress | None:
    """Seal one batch; None when the log is broken."""
    waiting = count_waiting()
    if waiting == 0 or keys is None:
        return Progress(0, waiting)
    try:
        progress = seal_batch(keys, seal_settings().host)
    except SealBroken as broken:
        _note(tenant_id, str(broken))
        return None
    except DBAPIError as error:
        # Another worker was faster, or the database is going down; the next round sees.
        log.warning("log_not_sealed", extra={"reason": type(error).__name__})
        return Progress(0, waiting)
    measures.SEALED.inc(progress.sealed)
    if progress.sealed:
        _note(tenant_id, None)
    return progress


def _note(tenant_id: UUID, problem: str | None) -> None:
    last = find_last_check(CheckKind.SEALING)
    if problem is not None or (last is not None and last.problem is not None):
        checkpoint = find_last_checkpoint()
        size = checkpoint.size if checkpoint else 0
        finding = Finding(CheckKind.SEALING, size, size, size, problem)
        record_finding(system_actor(tenant_id, WORKER), finding)


def _age_of_oldest() -> float:
    """Return for how many seconds the oldest unsealed event waits."""
    checkpoint = find_last_checkpoint()
    first = checkpoint.size if checkpoint else 0
    received = current_session().scalar(
        select(AuditEvent.received_at).where(AuditEvent.leaf == first)
    )
    return (clock.now() - received).total_seconds() if received else 0.0
