"""The rules of ingestion of a tenant that has changed them."""

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class IngestionRules(TenantScoped, Base):
    """One row at most; without one the defaults of `Rules` are in force."""

    __tablename__ = "ingestion_rules"

    registered_types_only: Mapped[bool]
    events_per_minute: Mapped[int]
    events_per_day: Mapped[int]
    quarantine_days: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        CheckConstraint("events_per_minute BETWEEN 60 AND 600000", name="events_per_minute"),
        CheckConstraint("events_per_day BETWEEN 1000 AND 100000000", name="events_per_day"),
        CheckConstraint("quarantine_days BETWEEN 1 AND 90", name="quarantine_days"),
    )
