"""The table of legal holds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class LegalHold(TenantScoped, Base):
    """Events that have to stay, for a reason; in force until it is released.

    `query` is canonical, with its times read as of `placed_at` in `zone`; empty is the whole log.
    """

    __tablename__ = "legal_holds"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    query: Mapped[str]
    zone: Mapped[str]
    reason: Mapped[str]
    placed_by: Mapped[str]
    placed_by_name: Mapped[str]
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    released_by: Mapped[str | None]
    released_by_name: Mapped[str | None]
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released"),
        Index("ix_legal_holds_placed", "tenant_id", placed_at.desc(), id.desc()),
    )
