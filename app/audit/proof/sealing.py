"""Sealing: new leaves join the tree of their tenant, and a checkpoint is signed over all of them.

Done by the worker every few seconds, in one transaction for each tenant and batch: whoever is
killed leaves nothing half done, and whoever comes second finds nothing to do.
"""

from dataclasses import dataclass

from sqlalchemy import func, select, text

from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.checkpoints import Checkpoint
from app.audit.proof.kept_checkpoints import find_last_checkpoint, read_kept
from app.audit.proof.kept_tree import KeptTree, add_runs
from app.audit.proof.keys import KeyRing
from app.audit.proof.models import AuditCheckpoint
from app.audit.proof.stored_events import log_size
from app.audit.proof.tree import append, root
from app.kernel import clock
from app.kernel.database import current_session, scope_of, unit_of_work

BATCH = 20_000
# The first half of the advisory locks on sealing; the second is the tenant's.
_LOCKS = 0x5EA1
# As text, because the worker asks it of every tenant every few seconds: a mapped statement costs
# several times as much before it leaves the process.
_WAITING = text(
    "SELECT coalesce((SELECT size FROM audit_heads WHERE tenant_id = :tenant), 0)"
    " - coalesce((SELECT max(size) FROM audit_checkpoints WHERE tenant_id = :tenant), 0)"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What one round of sealing did: leaves sealed now, and leaves that still wait."""

    sealed: int = 0
    waiting: int = 0


def seal_batch(keys: KeyRing, host: str) -> Progress:
    """Seal the oldest unsealed leaves of the tenant in scope, at most 20,000, and commit.

    Does nothing while another worker seals the same tenant. Raises `SealBroken` when the stored
    tree, or the leaves that should follow it, are not what they have to be.
    """
    with unit_of_work() as session:
        lock = func.pg_try_advisory_xact_lock(_LOCKS, func.hashtext(str(_tenant())))
        if not session.scalar(select(lock)):
            return Progress(0, count_waiting())
        last, until = find_last_checkpoint(), log_size()
        old = last.size if last else 0
        if until < old:
            raise SealBroken(f"The log has {until:,} events, and {old:,} of them were sealed.")
        end = min(until, old + BATCH)
        if end == old:
            return Progress()
        _extend(last, end, keys, host)
        return Progress(end - old, until - end)


def count_waiting() -> int:
    """Return how many events of the tenant in scope are not sealed; below 0 when some are gone."""
    return current_session().scalar(_WAITING, {"tenant": _tenant()}) or 0


def _extend(last: AuditCheckpoint | None, end: int, keys: KeyRing, host: str) -> None:
    old, tree = (last.size if last else 0), KeptTree()
    # A log must never sign two histories: what it adds to has to be what it signed.
    if last is not None and root(old, tree) != last.root:
        raise SealBroken(f"The stored tree does not lead to the checkpoint of {old:,} events.")
    add_runs(append(old, _new_leaves(old, end), tree))
    origin = read_kept(last).checkpoint.origin if last else f"{host}/audit/{_tenant()}"
    checkpoint = Checkpoint(origin, end, root(end, KeptTree()))
    current_session().add(
        AuditCheckpoint(
            size=end, root=checkpoint.root, note=keys.sign(checkpoint), created_at=clock.now()
        )
    )


def _new_leaves(start: int, end: int) -> list[bytes]:
    statement = (
        select(AuditEvent.leaf, AuditEvent.leaf_hash)
        .where(AuditEvent.leaf >= start, AuditEvent.leaf < end)
        .order_by(AuditEvent.leaf)
    )
    rows = current_session().execute(statement).all()
    for expected, row in zip(range(start, end), rows, strict=False):
        if row.leaf != expected:
            raise SealBroken(f"The event of leaf {expected:,} was gone before it was sealed.")
    if len(rows) < end - start:
        raise SealBroken(f"The event of leaf {start + len(rows):,} was gone before it was sealed.")
    return [row.leaf_hash for row in rows]


def _tenant() -> object:
    return scope_of(current_session()).tenant_id
