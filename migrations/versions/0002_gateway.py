"""The call ledger of the gateway, and the raw prompts and answers beside it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import protect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _calls_table()
    _answers_table()
    protect("model_calls")
    protect("model_answers")


def downgrade() -> None:
    op.drop_table("model_answers")
    op.drop_table("model_calls")


def _calls_table() -> None:
    op.create_table(
        "model_calls",
        _tenant(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        *(_text(name) for name in ("purpose", "caller_type", "caller_id", "caller_name")),
        *(_text(name) for name in ("prompt", "prompt_hash", "provider", "endpoint")),
        _text("model_asked"),
        _text("model_served", nullable=True),
        sa.Column("parameters", pg.JSONB(), nullable=False),
        _text("schema_hash"),
        _text("request_hash"),
        sa.Column("attempts", pg.JSONB(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in ("tokens_in", "tokens_out", "latency_ms")),
        _text("finish_reason", nullable=True),
        _text("status"),
        *(_text(name, nullable=True) for name in ("failure_code", "output_hash", "request_id")),
        _time("started_at"),
        _time("claimed_at"),
        _time("finished_at", nullable=True),
        sa.CheckConstraint("status IN ('started', 'succeeded', 'failed')", name="status"),
        sa.CheckConstraint("provider IN ('extractive', 'openai-compatible')", name="provider"),
        sa.CheckConstraint("(status = 'failed') = (failure_code IS NOT NULL)", name="failure"),
        sa.CheckConstraint("(status = 'started') = (finished_at IS NULL)", name="finished"),
    )
    op.create_index(
        "ix_model_calls_started",
        "model_calls",
        ["tenant_id", sa.text("started_at DESC"), sa.text("id DESC")],
    )


def _answers_table() -> None:
    op.create_table(
        "model_answers",
        _tenant(),
        sa.Column("call_id", sa.Uuid(), primary_key=True),
        sa.Column("messages", pg.JSONB(), nullable=False),
        _text("answer", nullable=True),
        _time("created_at"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"], ["model_calls.tenant_id", "model_calls.id"]
        ),
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
