"""The tables of the proof. What is sealed is written once; the app's role cannot change it."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class AuditTreeRun(TenantScoped, Base):
    """Hashes of the tree, 32 bytes each, of neighbours of one level from `position` on.

    Level 0 are leaves, an entry of level n + 1 is the root over 256 of level n (see `tree`). A
    run lies within one block of 256, so that a block is one range of the primary key.
    """

    __tablename__ = "audit_tree_runs"
    append_only: ClassVar[bool] = True

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 7", name="level"),
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint(
            "octet_length(hashes) % 32 = 0 AND octet_length(hashes) > 0"
            " AND position % 256 + octet_length(hashes) / 32 <= 256",
            name="hashes",
        ),
    )


class AuditCheckpoint(TenantScoped, Base):
    """A signed checkpoint: `note` is what is handed out, the rest repeats it for queries."""

    __tablename__ = "audit_checkpoints"
    append_only: ClassVar[bool] = True

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("octet_length(root) = 32", name="root"),
    )


class AuditSealCheck(TenantScoped, Base):
    """What a check of the seal found: `problem` is None when all was right.

    `kind` says which check: that of the night, which reads events again, or that before each
    sealing. `first_leaf` up to and without `end_leaf` were read.
    """

    __tablename__ = "audit_seal_checks"
    append_only: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    checked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    size: Mapped[int] = mapped_column(BigInteger)
    first_leaf: Mapped[int] = mapped_column(BigInteger)
    end_leaf: Mapped[int] = mapped_column(BigInteger)
    problem: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("kind IN ('nightly', 'sealing')", name="kind"),
        Index("ix_audit_seal_checks_time", "tenant_id", "kind", checked_at.desc(), id.desc()),
    )


class AuditPublication(TenantScoped, Base):
    """How far one destination has got: the newest checkpoint there, and what went wrong since."""

    __tablename__ = "audit_publications"

    destination: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    problem: Mapped[str | None]

    __table_args__ = (CheckConstraint("destination IN ('folder', 'url')", name="destination"),)
