"""Event types of tenants, the quarantine of refused events, and the rules of ingestion."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.row_security import protect

revision = "0008"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "event_type_versions",
    "event_type_deprecations",
    "ingestion_rules",
    "quarantined_items",
    "quarantine_replays",
)


def upgrade() -> None:
    _event_types()
    _rules()
    _quarantine()
    _replays()
    for table in TABLES:
        protect(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _tenant() -> sa.Column[object]:
    return sa.Column(
        "tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True, nullable=False
    )


def _event_types() -> None:
    op.create_table(
        "event_type_versions",
        _tenant(),
        sa.Column("action", sa.String(), primary_key=True),
        sa.Column("version", sa.SmallInteger(), primary_key=True),
        sa.Column("major", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("schema", postgresql.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.CheckConstraint("version > 0 AND major > 0", name="version"),
        sa.CheckConstraint("retention IN ('standard', 'security', 'short')", name="retention"),
    )
    op.create_table(
        "event_type_deprecations",
        _tenant(),
        sa.Column("action", sa.String(), primary_key=True),
        sa.Column("version", sa.SmallInteger(), primary_key=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("deprecated_at", MOMENT, nullable=False),
        sa.Column("deprecated_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "action", "version"],
            [
                "event_type_versions.tenant_id",
                "event_type_versions.action",
                "event_type_versions.version",
            ],
        ),
    )


def _rules() -> None:
    op.create_table(
        "ingestion_rules",
        _tenant(),
        sa.Column("registered_types_only", sa.Boolean(), nullable=False),
        sa.Column("events_per_minute", sa.Integer(), nullable=False),
        sa.Column("events_per_day", sa.Integer(), nullable=False),
        sa.Column("quarantine_days", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("events_per_minute BETWEEN 60 AND 600000", name="events_per_minute"),
        sa.CheckConstraint("events_per_day BETWEEN 1000 AND 100000000", name="events_per_day"),
        sa.CheckConstraint("quarantine_days BETWEEN 1 AND 90", name="quarantine_days"),
    )


def _quarantine() -> None:
    op.create_table(
        "quarantined_items",
        _tenant(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_from", sa.String(), nullable=False),
        sa.Column("action", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("problems", postgresql.JSONB(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("item_bytes", sa.Integer(), nullable=False),
        sa.Column("item_hash", sa.String(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("times_sent", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_tried_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('unreadable', 'frame', 'type', 'unregistered')", name="kind"),
        sa.CheckConstraint("octet_length(item) <= 65536", name="item"),
        sa.UniqueConstraint("tenant_id", "item_hash"),
    )
    op.create_index(
        "ix_quarantined_items_received",
        "quarantined_items",
        ["tenant_id", sa.text("received_at DESC"), sa.text("id DESC")],
    )
    op.create_index(
        "ix_quarantined_items_action", "quarantined_items", ["tenant_id", "action", "id"]
    )


def _replays() -> None:
    op.create_table(
        "quarantine_replays",
        _tenant(),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("action", sa.String()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("last_item", sa.Uuid()),
        sa.Column("up_to_item", sa.Uuid()),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('running', 'finished', 'cancelled', 'stopped')", name="status"
        ),
    )
    op.create_index(
        "ix_quarantine_replays_requested",
        "quarantine_replays",
        ["tenant_id", sa.text("requested_at DESC"), sa.text("id DESC")],
    )
