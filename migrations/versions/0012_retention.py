"""Retention: rules, legal holds, and deletion with its records."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import protect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "retention_rules",
    "legal_holds",
    "retention_runs",
    "audit_deletions",
    "audit_deleted_events",
)


def upgrade() -> None:
    _rules()
    _holds()
    _runs()
    _deletions()
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _rules() -> None:
    op.create_table(
        "retention_rules",
        _tenant(),
        sa.Column("retention", sa.String(), primary_key=True),
        sa.Column("days", sa.Integer(), nullable=False),
        _time("changed_at"),
        sa.CheckConstraint("retention IN ('standard', 'security', 'short')", name="retention"),
        sa.CheckConstraint("days BETWEEN 7 AND 7305", name="days"),
    )


def _holds() -> None:
    op.create_table(
        "legal_holds",
        _tenant(),
        _id(),
        *(_text(name) for name in ("query", "zone", "reason", "placed_by", "placed_by_name")),
        _time("placed_at"),
        _text("released_by", nullable=True),
        _text("released_by_name", nullable=True),
        _time("released_at", nullable=True),
        sa.CheckConstraint("reason <> ''", name="reason"),
        sa.CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="released"),
    )
    _newest_first("legal_holds", "placed")


def _runs() -> None:
    op.create_table(
        "retention_runs",
        _tenant(),
        _id(),
        _text("started_by"),
        _text("started_by_name"),
        _time("started_at"),
        *(_json(name) for name in ("days", "reached", "until", "deleted")),
        _number("held"),
        _text("status"),
        _time("finished_at", nullable=True),
        sa.CheckConstraint("status IN ('running', 'finished', 'cancelled')", name="status"),
    )
    op.create_index(
        "ix_retention_runs_running",
        "retention_runs",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("status = 'running'"),
    )
    _newest_first("retention_runs", "started")


def _deletions() -> None:
    op.create_table(
        "audit_deletions",
        _tenant(),
        _id(),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        _time("deleted_at"),
        _text("retention"),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        _number("first_leaf"),
        _number("last_leaf"),
        _time("received_first"),
        _time("received_last"),
        _number("tree_size"),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        # The event that says so is written last, and has to be there at the end.
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["audit_events.tenant_id", "audit_events.id"],
            name="fk_audit_deletions_record",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.CheckConstraint("events > 0", name="events"),
        sa.CheckConstraint("first_leaf >= 0 AND last_leaf < tree_size", name="leaves"),
    )
    op.create_table(
        "audit_deleted_events",
        _tenant(),
        _id(),
        sa.Column("leaf", sa.BigInteger(), primary_key=True, autoincrement=False),
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, pg.JSONB(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _newest_first(table: str, verb: str) -> None:
    columns: list[str | sa.TextClause] = [
        "tenant_id",
        sa.text(f"{verb}_at DESC"),
        sa.text("id DESC"),
    ]
    op.create_index(f"ix_{table}_{verb}", table, columns)
