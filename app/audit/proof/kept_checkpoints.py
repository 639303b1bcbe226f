"""The checkpoints of the log in scope, as they are stored."""

from collections.abc import Sequence

from sqlalchemy import select

from app.audit.proof.broken import SealBroken
from app.audit.proof.checkpoints import SignedCheckpoint, read_checkpoint
from app.audit.proof.models import AuditCheckpoint
from app.audit.proof.notes import NoteUnreadable
from app.kernel.database import current_session


def find_last_checkpoint() -> AuditCheckpoint | None:
    """Return the newest checkpoint of the tenant in scope."""
    statement = select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1)
    return current_session().scalars(statement).first()


def find_checkpoint_before(size: int) -> AuditCheckpoint | None:
    """Return the newest checkpoint of fewer events than that."""
    statement = (
        select(AuditCheckpoint)
        .where(AuditCheckpoint.size < size)
        .order_by(AuditCheckpoint.size.desc())
        .limit(1)
    )
    return current_session().scalars(statement).first()


def find_checkpoint_from(size: int) -> AuditCheckpoint | None:
    """Return the oldest checkpoint of at least that many events."""
    statement = (
        select(AuditCheckpoint)
        .where(AuditCheckpoint.size >= size)
        .order_by(AuditCheckpoint.size)
        .limit(1)
    )
    return current_session().scalars(statement).first()


def list_checkpoints(limit: int) -> Sequence[AuditCheckpoint]:
    """Return the newest checkpoints of the tenant in scope, newest first."""
    statement = select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(limit)
    return current_session().scalars(statement).all()


def read_kept(row: AuditCheckpoint) -> SignedCheckpoint:
    """Return a stored checkpoint, its signatures not verified.

    Raises `SealBroken` when its note is none, or another than the columns beside it say.
    """
    name = f"What stands for the checkpoint of {row.size:,} events"
    try:
        signed = read_checkpoint(row.note)
    except NoteUnreadable as error:
        raise SealBroken(f"{name} is none. {error}") from None
    if (signed.checkpoint.size, signed.checkpoint.root) != (row.size, row.root):
        raise SealBroken(f"{name} is not what was signed.")
    return signed
