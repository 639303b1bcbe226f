"""The table of what was taken away."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class AuditDeletedRun(TenantScoped, Base):
    """Neighbouring leaves whose events were deleted together, from the first up to the end.

    `record_id` is the event that says so. Written by `audit_delete_events` alone.
    """

    __tablename__ = "audit_deleted_runs"
    append_only: ClassVar[bool] = True

    first_leaf: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    end_leaf: Mapped[int] = mapped_column(BigInteger)
    record_id: Mapped[UUID]

    __table_args__ = (CheckConstraint("end_leaf > first_leaf", name="end_leaf"),)
