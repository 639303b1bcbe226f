"""The log at scale: numbered leaves for its proof, one inverted index, counts kept beside it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.audit_backfill import number_events
from migrations.row_security import THIS_TENANT, protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What filters and lists may read through the view; salts and hashes stay behind the policies.
SEARCHABLE = (
    "tenant_id, id, occurred_at, received_at, actor_type, actor_id, actor_name, action, outcome,"
    " target_type, target_id, target_name, targets, source_ip, user_agent, session, request_id,"
    " reason, changes, metadata, event_type_version, received_from, release, leaf, erased_at,"
    " retention, search"
)
# These served one filter each; the inverted index serves all of them and their combinations.
REPLACED_INDEXES = ("actor_name", "action", "outcome")


def upgrade() -> None:
    _counting_tables()
    for table in ("audit_heads", "audit_counts_daily", "audit_counts_hourly"):
        protect(table)
    for column in (
        sa.Column("leaf", sa.BigInteger()),
        sa.Column("leaf_hash", sa.LargeBinary()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("commitments", pg.JSONB()),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
        sa.Column("retention", sa.String(), nullable=False, server_default="standard"),
    ):
        op.add_column("audit_events", column)
    for name in (*REPLACED_INDEXES, "search"):
        op.drop_index(f"ix_audit_events_{name}", "audit_events")
    # The view below reads as the owner of the table, whom a forced policy would bind as well. The
    # app's role owns nothing, so the policy binds it either way.
    op.execute("ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY")
    number_events(op.get_bind())
    op.alter_column("audit_events", "leaf", nullable=False)
    op.alter_column("audit_events", "leaf_hash", nullable=False)
    op.create_unique_constraint(
        "uq_audit_events_tenant_id_leaf", "audit_events", ["tenant_id", "leaf"]
    )
    _searching()
    # Most of the table is written once and never again: look at what is new, and look often.
    op.execute(
        "ALTER TABLE audit_events SET (autovacuum_vacuum_insert_scale_factor = 0.02,"
        " autovacuum_analyze_scale_factor = 0.05)"
    )


def downgrade() -> None:
    op.execute("DROP VIEW audit_events_searchable")
    op.execute(
        "ALTER TABLE audit_events RESET (autovacuum_vacuum_insert_scale_factor,"
        " autovacuum_analyze_scale_factor)"
    )
    op.drop_index("ix_audit_events_search", "audit_events")
    op.drop_constraint("uq_audit_events_tenant_id_leaf", "audit_events")
    for column in ("leaf", "leaf_hash", "salt", "commitments", "erased_at", "retention"):
        op.drop_column("audit_events", column)
    op.execute("ALTER TABLE audit_events ALTER COLUMN search SET STATISTICS -1")
    op.create_index(
        "ix_audit_events_actor_name",
        "audit_events",
        ["tenant_id", "actor_name", sa.text("occurred_at DESC")],
    )
    for name in ("action", "outcome"):
        columns = ["tenant_id", name, sa.text("occurred_at DESC"), sa.text("id DESC")]
        op.create_index(f"ix_audit_events_{name}", "audit_events", columns)
    op.create_index("ix_audit_events_search", "audit_events", ["search"], postgresql_using="gin")
    op.execute("ALTER TABLE audit_events FORCE ROW LEVEL SECURITY")
    for table in ("audit_counts_hourly", "audit_counts_daily", "audit_heads"):
        op.drop_table(table)


def _counting_tables() -> None:
    # Their rows are updated again and again; room on the page keeps the indexes out of it.
    op.create_table(
        "audit_heads",
        _tenant(),
        sa.Column("size", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "audit_counts_daily",
        _tenant(),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("action", sa.String(), primary_key=True),
        sa.Column("outcome", sa.String(), primary_key=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("n >= 0", name="n"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "audit_counts_hourly",
        _tenant(),
        sa.Column("hour", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("outcome", sa.String(), primary_key=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("n >= 0", name="n"),
        postgresql_with={"fillfactor": 80},
    )


def _searching() -> None:
    op.create_index(
        "ix_audit_events_search",
        "audit_events",
        ["search"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "on", "gin_pending_list_limit": "512"},
    )
    # Searches choose their way themselves (app.audit.search.finding), so that nobody has to read
    # and keep statistics of ten thousand words.
    op.execute("ALTER TABLE audit_events ALTER COLUMN search SET STATISTICS 0")
    # IS TRUE keeps the planner from answering a search by walking through the whole tenant.
    op.execute(
        f"CREATE VIEW audit_events_searchable AS SELECT {SEARCHABLE} FROM audit_events"  # noqa: S608  constants of ours
        f" WHERE (tenant_id = {THIS_TENANT}) IS TRUE"
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True)
