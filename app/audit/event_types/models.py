"""A tenant's own event types: versions that never change, and their deprecations."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, SmallInteger
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class EventTypeVersion(TenantScoped, Base):
    """One version of a tenant's type; the app's role can neither change nor delete it."""

    __tablename__ = "event_type_versions"
    append_only: ClassVar[bool] = True

    action: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    major: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    owner: Mapped[str]
    retention: Mapped[str]
    # In the order in which it was written: people read it.
    schema: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[str]

    __table_args__ = (
        CheckConstraint("version > 0 AND major > 0", name="version"),
        CheckConstraint("retention IN ('standard', 'security', 'short')", name="retention"),
    )


class EventTypeDeprecation(TenantScoped, Base):
    """Says that senders should leave a version, and for what; it is taken until they have."""

    __tablename__ = "event_type_deprecations"
    append_only: ClassVar[bool] = True

    action: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    note: Mapped[str]
    deprecated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    deprecated_by: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "action", "version"],
            [
                "event_type_versions.tenant_id",
                "event_type_versions.action",
                "event_type_versions.version",
            ],
        ),
    )
