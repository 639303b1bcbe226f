"""Saved views of the audit log, and with which of them it opens."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import protect

revision = "0011"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("saved_views", "saved_view_defaults")


def upgrade() -> None:
    op.create_table(
        "saved_views",
        _tenant(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("tenant_id", "owner_id", "name"),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 40", name="name"),
        sa.CheckConstraint("char_length(query) <= 2000", name="query"),
    )
    op.create_table(
        "saved_view_defaults",
        _tenant(),
        sa.Column("person_id", sa.String(), primary_key=True),
        sa.Column("view_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "view_id"],
            ["saved_views.tenant_id", "saved_views.id"],
            ondelete="CASCADE",
        ),
    )
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _tenant() -> sa.Column[object]:
    return sa.Column(
        "tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True, nullable=False
    )
