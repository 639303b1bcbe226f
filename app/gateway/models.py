"""The call ledger's tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ModelCall(TenantScoped, Base):
    """One call to a model: written before anything leaves, settled when it is over.

    `request_hash` tells a repeated call from another one under the same id. `claimed_at` is when
    the process that makes the call took it; one that died loses it to the next who asks.
    `latency_ms` covers all attempts and the pauses between them.
    """

    __tablename__ = "model_calls"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    caller_type: Mapped[str]
    caller_id: Mapped[str]
    caller_name: Mapped[str]
    prompt: Mapped[str]
    prompt_hash: Mapped[str]
    provider: Mapped[str]
    endpoint: Mapped[str]
    model_asked: Mapped[str]
    model_served: Mapped[str | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    schema_hash: Mapped[str]
    request_hash: Mapped[str]
    attempts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tokens_in: Mapped[int | None]
    tokens_out: Mapped[int | None]
    latency_ms: Mapped[int | None]
    finish_reason: Mapped[str | None]
    status: Mapped[str]
    failure_code: Mapped[str | None]
    output_hash: Mapped[str | None]
    request_id: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    claimed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        CheckConstraint("status IN ('started', 'succeeded', 'failed')", name="status"),
        CheckConstraint("provider IN ('extractive', 'openai-compatible')", name="provider"),
        CheckConstraint("(status = 'failed') = (failure_code IS NOT NULL)", name="failure"),
        CheckConstraint("(status = 'started') = (finished_at IS NULL)", name="finished"),
        Index("ix_model_calls_started", "tenant_id", text("started_at DESC"), text("id DESC")),
    )


class ModelAnswer(TenantScoped, Base):
    """What was sent in a call, and what came back, word for word; kept apart from the ledger.

    Written before the call, so that what left is known even if nothing came back. `answer` is
    also kept when it was refused as nonsense.
    """

    __tablename__ = "model_answers"

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    messages: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "call_id"], ["model_calls.tenant_id", "model_calls.id"]),
    )
