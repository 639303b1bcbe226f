"""Measurements of browsers: a table of no tenant, because nothing in it is about anybody."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.observability.field_data.metrics import Device, Metric, Navigation

LARGEST_VALUE = 600_000


def _one_of(kind: type[Metric | Device | Navigation]) -> str:
    return ", ".join(f"'{member.value}'" for member in kind)


class FieldMeasurement(Base):
    """One value that one browser measured: no address, no person, no tenant, no time of day."""

    __tablename__ = "field_measurements"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    measured_on: Mapped[date]
    route: Mapped[str]
    metric: Mapped[str]
    value: Mapped[float]
    device: Mapped[str]
    navigation: Mapped[str]
    component: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"metric IN ({_one_of(Metric)})", name="metric"),
        CheckConstraint(f"device IN ({_one_of(Device)})", name="device"),
        CheckConstraint(f"navigation IN ({_one_of(Navigation)})", name="navigation"),
        # NaN is larger than every number to PostgreSQL, so the upper limit keeps it out as well.
        CheckConstraint(f"value >= 0 AND value <= {LARGEST_VALUE}", name="value"),
        Index("ix_field_measurements_measured_on", "measured_on"),
    )
