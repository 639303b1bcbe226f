"""Saved views: named queries of the log with their columns, private or for the whole tenant."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class SavedView(TenantScoped, Base):
    """One view. `query` is canonical text of the query language, at the time it was saved.

    `columns` are the keys shown beside the time, with commas between them; empty stands for the
    columns that the log shows by itself.
    """

    __tablename__ = "saved_views"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[str]
    owner_name: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    columns: Mapped[str]
    is_shared: Mapped[bool]
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        UniqueConstraint("tenant_id", "owner_id", "name"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 40", name="name"),
        CheckConstraint("char_length(query) <= 2000", name="query"),
    )


class SavedViewDefault(TenantScoped, Base):
    """The view that the log opens with, for one person."""

    __tablename__ = "saved_view_defaults"

    person_id: Mapped[str] = mapped_column(primary_key=True)
    view_id: Mapped[UUID]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "view_id"],
            ["saved_views.tenant_id", "saved_views.id"],
            ondelete="CASCADE",
        ),
    )
