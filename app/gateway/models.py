"""The call ledger's tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.tenant_wall import TenantScoped


class ModelCall(TenantScoped, Base):
    """One call to a model: written before anything leaves, settled when it is over.

    `request_hash` tells a repeated call from another one under the same id. `claimed_at` is when
    the process that makes the call took it; one that died loses it to the next who asks.
    `latency_ms` covers all attempts and the pauses between them.

    Who answers stands in `endpoint_name` (the operator's name for it), `provider`, `endpoint` and
    `model_asked`: the one asked last, `in_place_of` naming the first choice where that was
    another. `withheld` are the groups of fields that did not leave for it, `redactions` counts
    what stood in place of names and secrets. While a call is being made it holds `tokens_reserved`
    and `micros_reserved` of its budget; `tokens_charged` and `micros_charged` are what it took.
    Money is in micro-units of `currency`; None where nobody knows the price. `verdicts` counts
    what became of the claims in the answer, by verdict, once its caller has checked them.
    """

    __tablename__ = "model_calls"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    caller_type: Mapped[str]
    caller_id: Mapped[str]
    caller_name: Mapped[str]
    prompt: Mapped[str]
    prompt_hash: Mapped[str]
    prompt_label: Mapped[str | None]
    provider: Mapped[str]
    endpoint: Mapped[str]
    endpoint_name: Mapped[str]
    in_place_of: Mapped[str | None]
    model_asked: Mapped[str]
    model_served: Mapped[str | None]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    schema_hash: Mapped[str]
    request_hash: Mapped[str]
    event_set_hash: Mapped[str | None]
    withheld: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    redactions: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")
    verdicts: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    attempts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    breaker: Mapped[str | None]
    tokens_in: Mapped[int | None]
    tokens_out: Mapped[int | None]
    tokens_reserved: Mapped[int] = mapped_column(BigInteger, server_default="0")
    tokens_charged: Mapped[int] = mapped_column(BigInteger, server_default="0")
    micros_reserved: Mapped[int | None] = mapped_column(BigInteger)
    micros_charged: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
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
        Index(
            "ix_model_calls_spent",
            "tenant_id",
            "purpose",
            "started_at",
            postgresql_include=(
                "status",
                "claimed_at",
                "tokens_reserved",
                "tokens_charged",
                "micros_reserved",
                "micros_charged",
            ),
        ),
    )


class ModelAnswer(TenantScoped, Base):
    """What was sent in a call, and what came back, word for word; kept apart from the ledger.

    Written before the call, so that what left is known even if nothing came back. `answer` is
    also kept when it was refused as nonsense. A message that went to a fallback in another form
    names its `endpoint`. Both are emptied when their days are over, which `emptied_at` tells.
    """

    __tablename__ = "model_answers"

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    messages: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    emptied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "call_id"], ["model_calls.tenant_id", "model_calls.id"]),
    )
