"""How endpoints are doing: of the installation, and so of no tenant."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class ModelBreaker(Base):
    """How often an endpoint failed in a row, as all processes know it.

    `endpoint` is its address: one that moved begins anew, and two names for one address share it.
    With `open_until` set it is left alone until then; afterwards one caller tries it, who holds
    it until `trial_until`.
    """

    __tablename__ = "model_breakers"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_failure: Mapped[str | None]
    open_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    trial_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ModelProbe(Base):
    """Whether a model of an endpoint holds to the schema that it is sent; None is not known."""

    __tablename__ = "model_probes"

    endpoint: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    enforces_schema: Mapped[bool | None]
    note: Mapped[str]
    probed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ModelStop(Base):
    """A time in which the operator let nothing go to any model; open while `ended_at` is None."""

    __tablename__ = "model_stops"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str]
    stopped_by: Mapped[str]
    stopped_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index(
            "ix_model_stops_open",
            text("(ended_at IS NULL)"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
