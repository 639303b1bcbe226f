"""What tenants decide about models, what their calls may cost, and how endpoints are doing."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import protect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TENANT_TABLES = ("model_choices", "model_egress", "model_budgets")
GLOBAL_TABLES = ("model_breakers", "model_probes", "model_stops")

_SPENT = (
    "status",
    "claimed_at",
    "tokens_reserved",
    "tokens_charged",
    "micros_reserved",
    "micros_charged",
)


def upgrade() -> None:
    for column in _new_columns():
        op.add_column("model_calls", column)
    op.execute(
        "UPDATE model_calls SET endpoint_name ="
        " CASE provider WHEN 'extractive' THEN 'extractive' ELSE 'default' END,"
        " tokens_charged = coalesce(tokens_in, 0) + coalesce(tokens_out, 0)"
    )
    op.alter_column("model_calls", "endpoint_name", server_default=None)
    op.create_index(
        "ix_model_calls_spent",
        "model_calls",
        ["tenant_id", "purpose", "started_at"],
        postgresql_include=_SPENT,
    )
    op.add_column("model_answers", _time("emptied_at", nullable=True))
    _choices_table()
    _egress_table()
    _budgets_table()
    for table in TENANT_TABLES:
        protect(table)
    _breakers_table()
    _probes_table()
    _stops_table()


def downgrade() -> None:
    for table in (*TENANT_TABLES, *GLOBAL_TABLES):
        op.drop_table(table)
    op.drop_column("model_answers", "emptied_at")
    op.drop_index("ix_model_calls_spent", "model_calls")
    for column in _new_columns():
        op.drop_column("model_calls", column.name)


def _new_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("endpoint_name", sa.String(), nullable=False, server_default=""),
        *(_text(name, nullable=True) for name in ("prompt_label", "in_place_of", "currency")),
        *(_text(name, nullable=True) for name in ("event_set_hash", "breaker")),
        sa.Column("withheld", pg.JSONB(), nullable=False, server_default="[]"),
        sa.Column("redactions", pg.JSONB(), nullable=False, server_default="{}"),
        sa.Column("verdicts", pg.JSONB()),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
            for name in ("tokens_reserved", "tokens_charged")
        ),
        *(sa.Column(name, sa.BigInteger()) for name in ("micros_reserved", "micros_charged")),
    ]


def _choices_table() -> None:
    op.create_table(
        "model_choices",
        _tenant(),
        _text("endpoint", nullable=True),
        _text("model", nullable=True),
        sa.Column("fallbacks", pg.JSONB(), nullable=False),
        sa.Column("calls_per_minute", sa.Integer(), nullable=False),
        _text("stop_reason", nullable=True),
        _text("stopped_by", nullable=True),
        _time("stopped_at", nullable=True),
        sa.CheckConstraint("(endpoint IS NULL) = (model IS NULL)", name="choice"),
        sa.CheckConstraint("calls_per_minute BETWEEN 1 AND 6000", name="calls_per_minute"),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stop_reason IS NULL)"
            " AND (stopped_at IS NULL) = (stopped_by IS NULL)",
            name="stop",
        ),
    )


def _egress_table() -> None:
    op.create_table(
        "model_egress",
        _tenant(),
        sa.Column("endpoint", sa.String(), primary_key=True),
        sa.Column("withheld", pg.JSONB(), nullable=False),
        _time("changed_at"),
    )


def _budgets_table() -> None:
    op.create_table(
        "model_budgets",
        _tenant(),
        sa.Column("purpose", sa.String(), primary_key=True),
        *(sa.Column(name, sa.BigInteger()) for name in ("monthly_tokens", "monthly_micros")),
        _time("changed_at"),
        sa.CheckConstraint("monthly_tokens >= 0 AND monthly_micros >= 0", name="not_negative"),
    )


def _breakers_table() -> None:
    op.create_table(
        "model_breakers",
        sa.Column("endpoint", sa.String(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        _text("last_failure", nullable=True),
        _time("open_until", nullable=True),
        _time("trial_until", nullable=True),
        _time("changed_at"),
    )


def _probes_table() -> None:
    op.create_table(
        "model_probes",
        sa.Column("endpoint", sa.String(), primary_key=True),
        sa.Column("model", sa.String(), primary_key=True),
        _text("address"),
        sa.Column("enforces_schema", sa.Boolean()),
        _text("note"),
        _time("probed_at"),
    )


def _stops_table() -> None:
    op.create_table(
        "model_stops",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("reason"),
        _text("stopped_by"),
        _time("stopped_at"),
        _text("ended_by", nullable=True),
        _time("ended_at", nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    )
    # One at a time: there is no such thing as being stopped twice.
    op.create_index(
        "ix_model_stops_open",
        "model_stops",
        [sa.text("(ended_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
