"""The table of tool calls."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ToolCall(TenantScoped, Base):
    """A tool that was called, or was not allowed to be; `refusal` says why not."""

    __tablename__ = "tool_calls"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    call_id: Mapped[UUID]
    prompt: Mapped[str]
    tool: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_allowed: Mapped[bool]
    refusal: Mapped[str | None]
    caller_type: Mapped[str]
    caller_id: Mapped[str]
    caller_name: Mapped[str]
    called_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("is_allowed = (refusal IS NULL)", name="refusal"),
        Index("ix_tool_calls_call", "tenant_id", "call_id"),
        Index("ix_tool_calls_called", "tenant_id", text("called_at DESC"), text("id DESC")),
    )
