"""The table of what a tenant decided about its classes of retention."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class RetentionRule(TenantScoped, Base):
    """How many days a class means in a tenant; without a row, what the catalogue says."""

    __tablename__ = "retention_rules"

    retention: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("retention IN ('standard', 'security', 'short')", name="retention"),
        CheckConstraint("days BETWEEN 7 AND 7305", name="days"),
    )
