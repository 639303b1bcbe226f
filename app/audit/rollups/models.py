"""The tables of counts: how many events there are, by day and by hour of UTC."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, DateTime
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped

# Stands in the place of an action for "all actions"; no action is spelled like this.
ALL_ACTIONS = ""


class AuditCountDaily(TenantScoped, Base):
    """How many events of a day (UTC) had an action and an outcome.

    Beside the row of each action there is one of all actions together, whose `action` is
    `ALL_ACTIONS`, so that a year of totals is some thousand rows and not some ten thousand.
    """

    __tablename__ = "audit_counts_daily"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("n >= 0", name="n"),)


class AuditCountHourly(TenantScoped, Base):
    """How many events of an hour (its first moment, UTC) had an outcome."""

    __tablename__ = "audit_counts_hourly"

    hour: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("n >= 0", name="n"),)
