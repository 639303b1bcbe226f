"""Imports of uploaded files, the files themselves in pieces, and saved mappings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import protect

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = ("file_imports", "file_import_pieces", "import_mappings")
STATUS = "status IN ('waiting', 'running', 'finished', 'cancelled', 'stopped', 'discarded')"


def upgrade() -> None:
    _imports()
    _pieces()
    _mappings()
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    for table in ("file_import_pieces", "file_imports", "import_mappings"):
        op.drop_table(table)


def _tenant() -> sa.Column[object]:
    return sa.Column(
        "tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True, nullable=False
    )


def _imports() -> None:
    op.create_table(
        "file_imports",
        _tenant(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("plan", postgresql.JSONB(), nullable=False),
        sa.Column("text_bytes", sa.BigInteger()),
        sa.Column("offset_at", sa.BigInteger()),
        sa.Column("number_at", sa.BigInteger()),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("refusals", postgresql.JSONB(), nullable=False),
        sa.Column("has_file", sa.Boolean(), nullable=False),
        sa.CheckConstraint(STATUS, name="status"),
    )
    op.create_index(
        "ix_file_imports_uploaded",
        "file_imports",
        ["tenant_id", sa.text("uploaded_at DESC"), sa.text("id DESC")],
    )


def _pieces() -> None:
    op.create_table(
        "file_import_pieces",
        _tenant(),
        sa.Column("import_id", sa.Uuid(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["file_imports.tenant_id", "file_imports.id"]
        ),
    )


def _mappings() -> None:
    op.create_table(
        "import_mappings",
        _tenant(),
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
    )
