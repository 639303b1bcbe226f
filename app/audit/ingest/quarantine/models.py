"""What was refused, and the replays of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class QuarantinedItem(TenantScoped, Base):
    """One item that a program sent and that was refused.

    It is there until it became an event, was discarded, or waited too long. The same item sent
    again is the same row. `item_bytes` is the size as sent: where `item` is shorter, the rest is
    not here, and it cannot be replayed. `event_id` is the id that its event gets if it has none.
    """

    __tablename__ = "quarantined_items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_from: Mapped[str]
    action: Mapped[str | None]
    kind: Mapped[str]
    problems: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    item: Mapped[str]
    item_bytes: Mapped[int]
    item_hash: Mapped[str]
    event_id: Mapped[UUID]
    times_sent: Mapped[int]
    attempts: Mapped[int]
    last_tried_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("kind IN ('unreadable', 'frame', 'type', 'unregistered')", name="kind"),
        CheckConstraint("octet_length(item) <= 65536", name="item"),
        UniqueConstraint("tenant_id", "item_hash"),
        Index("ix_quarantined_items_received", "tenant_id", received_at.desc(), id.desc()),
        Index("ix_quarantined_items_action", "tenant_id", "action", "id"),
    )

    @property
    def is_whole(self) -> bool:
        """Whether everything that was sent is here."""
        return len(self.item.encode()) == self.item_bytes


class ReplayStatus(StrEnum):
    """How far a replay is; `stopped` is one whose person may not act any more."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class QuarantineReplay(TenantScoped, Base):
    """One replay of many items, with how far it is. `action` None means all."""

    __tablename__ = "quarantine_replays"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    action: Mapped[str | None]
    status: Mapped[str]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    requested_by: Mapped[str]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # Items are replayed in the order of their ids, from the one after `last_item`, up to those
    # that were there when it was asked for.
    last_item: Mapped[UUID | None]
    up_to_item: Mapped[UUID | None]
    items: Mapped[int]
    stored: Mapped[int]
    duplicates: Mapped[int]
    refused: Mapped[int]

    __table_args__ = (
        CheckConstraint("status IN ('running', 'finished', 'cancelled', 'stopped')", name="status"),
        Index("ix_quarantine_replays_requested", "tenant_id", requested_at.desc(), id.desc()),
    )

    @property
    def done(self) -> int:
        return self.stored + self.duplicates + self.refused
