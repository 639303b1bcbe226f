"""The proof of the audit log: its tree, its checkpoints, where they went, how checks ended."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import protect

revision = "0006"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("audit_tree_runs", "audit_checkpoints", "audit_seal_checks", "audit_publications")
RUN = (
    "octet_length(hashes) % 32 = 0 AND octet_length(hashes) > 0"
    " AND position % 256 + octet_length(hashes) / 32 <= 256"
)


def upgrade() -> None:
    op.create_table(
        "audit_tree_runs",
        _tenant(),
        sa.Column("level", sa.SmallInteger(), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 7", name="level"),
        sa.CheckConstraint("position >= 0", name="position"),
        sa.CheckConstraint(RUN, name="hashes"),
    )
    # Hashes cannot be compressed; PostgreSQL need not try.
    op.execute("ALTER TABLE audit_tree_runs ALTER COLUMN hashes SET STORAGE EXTERNAL")
    op.create_table(
        "audit_checkpoints",
        _tenant(),
        sa.Column("size", sa.BigInteger(), primary_key=True),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _time("created_at"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.CheckConstraint("octet_length(root) = 32", name="root"),
    )
    _checks_table()
    _publications_table()
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _checks_table() -> None:
    op.create_table(
        "audit_seal_checks",
        _tenant(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        _time("checked_at"),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("size", "first_leaf", "end_leaf")
        ),
        sa.Column("problem", sa.String()),
        sa.CheckConstraint("kind IN ('nightly', 'sealing')", name="kind"),
    )
    op.create_index(
        "ix_audit_seal_checks_time",
        "audit_seal_checks",
        ["tenant_id", "kind", sa.text("checked_at DESC"), sa.text("id DESC")],
    )


def _publications_table() -> None:
    op.create_table(
        "audit_publications",
        _tenant(),
        sa.Column("destination", sa.String(), primary_key=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _time("published_at", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _time("next_attempt_at", nullable=True),
        sa.Column("problem", sa.String()),
        sa.CheckConstraint("destination IN ('folder', 'url')", name="destination"),
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
