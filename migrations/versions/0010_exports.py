"""Exports of the audit log: what was asked for, and how far the file is."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import protect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLE = "audit_exports"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column(
            "tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True, nullable=False
        ),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("watermark", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("events", "looked_at", "rows", "bytes")
        ),
        sa.Column("done_until", MOMENT),
        sa.Column("sha256", sa.String()),
        sa.Column("finished_at", MOMENT),
        sa.Column("expires_at", MOMENT),
        sa.Column("problem", sa.String()),
        sa.CheckConstraint("form IN ('csv', 'jsonl')", name="form"),
        sa.CheckConstraint(
            "status IN ('running', 'finished', 'cancelled', 'stopped')", name="status"
        ),
    )
    op.create_index(
        "ix_audit_exports_asked",
        TABLE,
        ["tenant_id", "asked_by", sa.text("asked_at DESC"), sa.text("id DESC")],
    )
    protect(TABLE)


def downgrade() -> None:
    op.drop_table(TABLE)
