"""The table of what a tenant's calls may take in a month."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ModelBudget(TenantScoped, Base):
    """The most tokens and money (micro-units) of a purpose in a month; None is no limit.

    Without a row the limits of `app.gateway.budgets.accounts.Limits` bind.
    """

    __tablename__ = "model_budgets"

    purpose: Mapped[str] = mapped_column(primary_key=True)
    monthly_tokens: Mapped[int | None] = mapped_column(BigInteger)
    monthly_micros: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("monthly_tokens >= 0 AND monthly_micros >= 0", name="not_negative"),
    )
