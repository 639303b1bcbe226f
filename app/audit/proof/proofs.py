"""Evidence from the log in scope: where an event is sealed, its proof, and a proof of growth."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.evidence import EventProof, GrowthProof
from app.audit.proof.kept_checkpoints import find_last_checkpoint, read_kept
from app.audit.proof.kept_tree import KeptTree
from app.audit.proof.leaves import document_of, secrets_of
from app.audit.proof.models import AuditCheckpoint
from app.audit.proof.stored_events import stored_event
from app.audit.proof.tree import consistency_proof, inclusion_proof
from app.audit.proof.verifier.packed_events import PackedEvent, write_line
from app.kernel.database import current_session
from app.kernel.problems import NotFound, Refused


@dataclass(frozen=True, slots=True)
class Seal:
    """Where an event stands in the tree; `sealed_at` is None until a checkpoint covers it."""

    leaf: int
    sealed_at: datetime | None


def seal_of(event: AuditEvent) -> Seal:
    """Return where an event of the tenant in scope stands, and since when it is sealed."""
    statement = (
        select(AuditCheckpoint.created_at)
        .where(AuditCheckpoint.size > event.leaf)
        .order_by(AuditCheckpoint.size)
        .limit(1)
    )
    return Seal(event.leaf, current_session().scalar(statement))


def packed_event(row: AuditEvent, sealed: bytes) -> PackedEvent:
    """Return an event as packs hold it; `sealed` is the hash that the tree has for its leaf.

    A row that was changed into something that is no event any more comes out without one.
    """
    try:
        stored = stored_event(row)
        return PackedEvent(row.leaf, sealed, document_of(stored), secrets_of(stored))
    except (ValueError, TypeError, AttributeError, LookupError):
        return PackedEvent(row.leaf, sealed, None)


def get_event_proof(row: AuditEvent) -> EventProof:
    """Return the proof of one event under the newest checkpoint, with the event in it.

    Raises `Refused` while the event is not sealed.
    """
    newest = find_last_checkpoint()
    if newest is None or row.leaf >= newest.size:
        raise Refused("This event is not sealed yet; that takes a few seconds. Try again then.")
    tree = KeptTree()
    try:
        steps = inclusion_proof(row.leaf, newest.size, tree)
        (sealed,) = tree(0, row.leaf, row.leaf + 1)
        signed = read_kept(newest)
    except SealBroken as broken:
        raise Refused(str(broken)) from None
    line = write_line(packed_event(row, sealed))
    return EventProof(row.leaf, tuple(steps), signed, line)


def get_growth_proof(old: int, size: int) -> GrowthProof:
    """Return the proof that the checkpoint of `size` events continues the log of `old`.

    Raises `NotFound` when there is no such checkpoint, or it is the smaller one.
    """
    checkpoint = get_checkpoint(size)
    if old > size:
        raise NotFound
    try:
        steps = consistency_proof(old, size, KeptTree())
        return GrowthProof(old, tuple(steps), read_kept(checkpoint))
    except SealBroken as broken:
        raise Refused(str(broken)) from None


def get_checkpoint(size: int) -> AuditCheckpoint:
    """Return the checkpoint of that many events; raises `NotFound`."""
    statement = select(AuditCheckpoint).where(AuditCheckpoint.size == size)
    found = current_session().scalars(statement).first()
    if found is None:
        raise NotFound
    return found
