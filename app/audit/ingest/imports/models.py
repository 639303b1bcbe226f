"""Uploaded files, the imports of them, and saved mappings."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ImportStatus(StrEnum):
    """How far an import is; `stopped` is one whose person may not act any more."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    DISCARDED = "discarded"


class FileImport(TenantScoped, Base):
    """One uploaded file, how it is to be read, and how far its import is.

    `plan` is how it is read (see `app.audit.importers.plan`). `offset_at` and `number_at` are
    where the next record begins; they move in the transaction that stores the records before.
    The bytes of the file are pieces of their own; a row without them is what the log keeps.
    """

    __tablename__ = "file_imports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    file_bytes: Mapped[int] = mapped_column(BigInteger)
    file_hash: Mapped[str]
    status: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    uploaded_by: Mapped[str]
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB)
    text_bytes: Mapped[int | None] = mapped_column(BigInteger)
    offset_at: Mapped[int | None] = mapped_column(BigInteger)
    number_at: Mapped[int | None] = mapped_column(BigInteger)
    read: Mapped[int] = mapped_column(BigInteger)
    stored: Mapped[int] = mapped_column(BigInteger)
    duplicates: Mapped[int] = mapped_column(BigInteger)
    refused: Mapped[int] = mapped_column(BigInteger)
    refusals: Mapped[dict[str, Any]] = mapped_column(JSONB)
    has_file: Mapped[bool]

    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'running', 'finished', 'cancelled', 'stopped', 'discarded')",
            name="status",
        ),
        Index("ix_file_imports_uploaded", "tenant_id", uploaded_at.desc(), id.desc()),
    )


class FilePiece(TenantScoped, Base):
    """A piece of an uploaded file, in the order of their places."""

    __tablename__ = "file_import_pieces"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["file_imports.tenant_id", "file_imports.id"]
        ),
    )


class ImportMapping(TenantScoped, Base):
    """A mapping that somebody saved under a name, to be used again."""

    __tablename__ = "import_mappings"

    name: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    saved_by: Mapped[str]
