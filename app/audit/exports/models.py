"""The table of exports: what was asked for, and how far its file is."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ExportForm(StrEnum):
    """How the rows are written."""

    CSV = "csv"
    JSONL = "jsonl"

    @property
    def label(self) -> str:
        return "CSV" if self is ExportForm.CSV else "JSON Lines"

    @property
    def media_type(self) -> str:
        return "text/csv" if self is ExportForm.CSV else "application/x-ndjson"


class ExportStatus(StrEnum):
    """How far an export is; `stopped` is one that could not be finished."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"


class AuditExport(TenantScoped, Base):
    """One export. Only the person who asked for it sees it.

    `query` is canonical, and read as of `asked_at` in `zone`, so that it always means the same;
    of that, the events of leaves below `watermark`. The log is gone through from its newest
    event to its oldest: what is before `done_until` is still to come, and up to there `rows`
    lines are in the first `bytes` of the file, from `looked_at` of `events` events.
    """

    __tablename__ = "audit_exports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_by: Mapped[str]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    zone: Mapped[str]
    query: Mapped[str]
    form: Mapped[str]
    watermark: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str]
    events: Mapped[int] = mapped_column(BigInteger)
    looked_at: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    done_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sha256: Mapped[str | None]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    problem: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("form IN ('csv', 'jsonl')", name="form"),
        CheckConstraint("status IN ('running', 'finished', 'cancelled', 'stopped')", name="status"),
        Index("ix_audit_exports_asked", "tenant_id", "asked_by", asked_at.desc(), id.desc()),
    )

    def file_name(self, tenant_slug: str) -> str:
        """Return what the file is called when it is downloaded."""
        return f"audit-log-{tenant_slug}-{self.asked_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{self.form}"
