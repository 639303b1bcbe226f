"""The tables of deletion: its rounds, its records, and which events went."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class RunStatus(StrEnum):
    """How far a round of deletion is."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class RetentionRun(TenantScoped, Base):
    """One round through a log, deleting what was over when it began.

    `days` are the rules it goes by. For each class, `reached` is the leaf up to which it is done
    and `until` the leaf at which it ends; both are the database's, so that whoever goes on after
    a process was killed begins where the last batch was committed.
    """

    __tablename__ = "retention_runs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_by: Mapped[str]
    started_by_name: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    days: Mapped[dict[str, int]] = mapped_column(JSONB)
    reached: Mapped[dict[str, int]] = mapped_column(JSONB)
    until: Mapped[dict[str, int]] = mapped_column(JSONB)
    deleted: Mapped[dict[str, int]] = mapped_column(JSONB)
    held: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("status IN ('running', 'finished', 'cancelled')", name="status"),
        # One at a time in a tenant.
        Index(
            "ix_retention_runs_running",
            "tenant_id",
            unique=True,
            postgresql_where=text("status = 'running'"),
        ),
        Index("ix_retention_runs_started", "tenant_id", started_at.desc(), id.desc()),
    )


class AuditDeletion(TenantScoped, Base):
    """What one batch deleted. Its id is that of the sealed event that says so.

    That event cannot be deleted while this stands, and this is never deleted. Which leaves went
    is in `audit_deleted_runs`; `root` is that of the newest checkpoint before, of `tree_size`
    leaves.
    """

    __tablename__ = "audit_deletions"
    append_only: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID]
    deleted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    retention: Mapped[str]
    days: Mapped[int]
    events: Mapped[int]
    first_leaf: Mapped[int] = mapped_column(BigInteger)
    last_leaf: Mapped[int] = mapped_column(BigInteger)
    received_first: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_last: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    tree_size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["audit_events.tenant_id", "audit_events.id"],
            name="fk_audit_deletions_record",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("events > 0", name="events"),
        CheckConstraint("first_leaf >= 0 AND last_leaf < tree_size", name="leaves"),
    )


class AuditDeletedEvent(TenantScoped, Base):
    """The id of an event that was deleted, so that its address can say so.

    An id may come again once its event is gone, and go again with another leaf.
    """

    __tablename__ = "audit_deleted_events"
    append_only: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    leaf: Mapped[int] = mapped_column(BigInteger, primary_key=True)


def deleted_in_all(run: RetentionRun) -> int:
    """Return how many events a round deleted so far."""
    counts: dict[str, Any] = run.deleted
    return sum(counts.values())
