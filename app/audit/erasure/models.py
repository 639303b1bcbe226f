"""The table of erasures of a person: who asked, who confirmed, how far it is."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ErasureStatus(StrEnum):
    """How far an erasure is: counted first, confirmed by another person, then carried out."""

    COUNTING = "counting"
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_working(self) -> bool:
        return self in {ErasureStatus.COUNTING, ErasureStatus.RUNNING}

    @property
    def has_ended(self) -> bool:
        ended = {ErasureStatus.FINISHED, ErasureStatus.REFUSED, ErasureStatus.WITHDRAWN}
        return self in ended


class PersonErasure(TenantScoped, Base):
    """One erasure. It names the person only until it has ended; then who it was is gone here too.

    The log is gone through twice, from leaf 0 up to `until`: first to count, then to erase;
    `reached` is where the database says the pass is, so that whoever goes on after a process was
    killed begins where the last batch was committed. `found` and `erased` count events, `broken`
    those that are not what was sealed; `fields` counts values by the kind of place that they stand
    in, `elsewhere` what is not in the log, and `held_by` the events under each hold, by its id.
    """

    __tablename__ = "person_erasures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[str | None]
    texts: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    status: Mapped[str]
    reached: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
    found: Mapped[int] = mapped_column(BigInteger)
    erased: Mapped[int] = mapped_column(BigInteger)
    held: Mapped[int] = mapped_column(BigInteger)
    broken: Mapped[int] = mapped_column(BigInteger)
    fields: Mapped[dict[str, int]] = mapped_column(JSONB)
    elsewhere: Mapped[dict[str, int]] = mapped_column(JSONB)
    held_by: Mapped[dict[str, int]] = mapped_column(JSONB)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint(
            "status IN ('counting', 'waiting', 'running', 'finished', 'refused', 'withdrawn')",
            name="status",
        ),
        CheckConstraint(
            "status NOT IN ('running', 'finished')"
            " OR (decided_by IS NOT NULL AND decided_by <> asked_by)",
            name="two_people",
        ),
        CheckConstraint(
            "status IN ('finished', 'refused', 'withdrawn')"
            " = (person_id IS NULL AND texts IS NULL)",
            name="forgotten",
        ),
        # One at a time in a tenant.
        Index(
            "ix_person_erasures_open",
            "tenant_id",
            unique=True,
            postgresql_where=text("status IN ('counting', 'waiting', 'running')"),
        ),
        Index("ix_person_erasures_asked", "tenant_id", asked_at.desc(), id.desc()),
    )
