"""Tenants: a global table, because every request begins by finding one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, func
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class TenantKind(StrEnum):
    """What a tenant is for. Those of the evaluation have a log, and nobody who is a member."""

    CUSTOMER = "customer"
    EVALUATION = "evaluation"


class Tenant(Base):
    """A customer: the owner of everything that carries its id."""

    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    is_demo: Mapped[bool]
    kind: Mapped[str] = mapped_column(server_default=TenantKind.CUSTOMER.value)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (
        CheckConstraint("kind IN ('customer', 'evaluation')", name="kind"),
        CheckConstraint("slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'", name="slug"),
    )
