"""Tables of what a tenant decided about models."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ModelChoice(TenantScoped, Base):
    """One row at most; without one, or without an endpoint in it, the installation's first.

    `fallbacks` are `{"endpoint": …, "model": …}` in the order in which they are asked. A tenant
    whose `stopped_at` is set sends nothing to any model.
    """

    __tablename__ = "model_choices"

    endpoint: Mapped[str | None]
    model: Mapped[str | None]
    fallbacks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    calls_per_minute: Mapped[int]
    stop_reason: Mapped[str | None]
    stopped_by: Mapped[str | None]
    stopped_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("(endpoint IS NULL) = (model IS NULL)", name="choice"),
        CheckConstraint("calls_per_minute BETWEEN 1 AND 6000", name="calls_per_minute"),
        CheckConstraint(
            "(stopped_at IS NULL) = (stop_reason IS NULL)"
            " AND (stopped_at IS NULL) = (stopped_by IS NULL)",
            name="stop",
        ),
    )


class ModelEgress(TenantScoped, Base):
    """Which groups of fields may not leave for an endpoint; without a row all may."""

    __tablename__ = "model_egress"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    withheld: Mapped[list[str]] = mapped_column(JSONB)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
