"""Packs for other domains: a slice of the log, and what the log says of what it was taken for."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import and_, or_, select

from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.kept_checkpoints import find_last_checkpoint, read_kept
from app.audit.proof.pack_writing import Packed, PackOrder, write_pack
from app.audit.proof.seal_state import usable_keys
from app.audit.queries import LogSlice, within
from app.kernel.database import current_session
from app.kernel.problems import Refused


@dataclass(frozen=True, slots=True)
class Subject:
    """What a slice was taken for, as events name it, and the actions that are its story.

    Others, such as who has looked at it, are nobody's business who gets the pack.
    """

    type: str
    id: str
    story: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlicePack:
    """What was packed, the name of the log, and whoever signs for it."""

    packed: Packed
    origin: str


def find_leaf(action: str, subject: Subject) -> int | None:
    """Return the leaf of the newest event of Ballast's own with that action on the subject."""
    statement = (
        select(AuditEvent.leaf)
        .where(
            AuditEvent.action == action,
            AuditEvent.outcome == "success",
            AuditEvent.received_from.is_(None),
            AuditEvent.target_type == subject.type,
            AuditEvent.target_id == subject.id,
        )
        .order_by(AuditEvent.leaf.desc())
        .limit(1)
    )
    return current_session().scalar(statement)


def write_slice_pack(
    out: IO[bytes], slice_: LogSlice, subject: Subject, *, until: int, made_at: datetime, url: str
) -> SlicePack:
    """Write a pack of a slice as it was at leaf `until`, and of the subject's story.

    Raises `Refused` while the log is not sealed up to there, and when the seal is broken.
    """
    newest = find_last_checkpoint()
    if newest is None or newest.size <= until:
        raise Refused("The approval is not sealed yet; that takes a few seconds. Try again then.")
    # What programs say of the subject is no part of its story, and might be any number of events.
    about = and_(
        AuditEvent.target_type == subject.type,
        AuditEvent.target_id == subject.id,
        AuditEvent.action.in_(subject.story),
        AuditEvent.received_from.is_(None),
    )
    in_slice = and_(*within(slice_), AuditEvent.leaf < until)
    order = PackOrder(
        made_at=made_at,
        public_url=url,
        query=slice_.query.canonical(),
        statement=select(AuditEvent).where(or_(in_slice, about)),
    )
    try:
        packed = write_pack(out, order, newest, usable_keys())
        return SlicePack(packed, read_kept(newest).checkpoint.origin)
    except SealBroken as broken:
        raise Refused(str(broken)) from None


def sign_for_log(text: str, origin: str) -> str:
    """Return a text as a note that this installation signed under the name of a log."""
    return usable_keys().sign_text(text, origin)
