"""The first tables: tenants, people, the audit log, mail and jobs."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import THIS_ACCOUNT, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = "role IN ('owner', 'admin', 'analyst', 'support', 'editor', 'auditor')"
TENANT_TABLES = ("audit_events", "memberships", "invitations", "api_keys", "outbox_messages")


def upgrade() -> None:
    _global_tables()
    _people_tables()
    _audit_table()
    _outbox_table()
    for table in TENANT_TABLES:
        protect(table)
    # Which tenants am I in? An account may see its own memberships, and no other row.
    op.execute(
        "CREATE POLICY own_memberships ON memberships FOR SELECT"
        f" USING (account_id = {THIS_ACCOUNT})"
    )
    # SQLAlchemy would read the schema's percent signs as parameters; the driver alone does not.
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("This migration needs a real connection.")
    driver.execute(SchemaManager.get_schema())


def downgrade() -> None:
    for table in ("outbox_messages", "audit_events", "api_keys", "invitations", "memberships"):
        op.drop_table(table)
    for table in ("sessions", "accounts", "tenants", "rate_windows"):
        op.drop_table(table)
    _drop_procrastinate()


def _time(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[object]:
    server_default = sa.text(default) if default else None
    return sa.Column(
        name, sa.DateTime(timezone=True), nullable=nullable, server_default=server_default
    )


def _tenant() -> sa.Column[object]:
    return sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _global_tables() -> None:
    op.create_table(
        "tenants",
        _id(),
        _text("slug"),
        _text("name"),
        _text("time_zone"),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        _time("created_at", default="now()"),
        sa.UniqueConstraint("slug", name="uq_tenants_slug"),
        sa.CheckConstraint("slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'", name="slug"),
    )
    op.create_table(
        "accounts",
        _id(),
        _text("email"),
        _text("name"),
        _text("password_hash"),
        _time("created_at", default="now()"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
    )
    op.create_table(
        "sessions",
        _id(),
        _text("secret_hash"),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        _time("started_at"),
        _time("last_seen_at"),
        _time("expires_at"),
        _time("ended_at", nullable=True),
        sa.Column("ip", pg.INET()),
        _text("user_agent", nullable=True),
        sa.UniqueConstraint("secret_hash", name="uq_sessions_secret_hash"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    # Losing these at a crash costs nothing but a little patience with attackers.
    op.create_table(
        "rate_windows",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("window_start", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("hits", sa.Integer(), nullable=False),
        prefixes=["UNLOGGED"],
    )


def _people_tables() -> None:
    op.create_table(
        "memberships",
        _tenant(),
        _id(),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        _text("name"),
        _text("email"),
        _text("role"),
        _text("status"),
        _time("joined_at"),
        _time("last_seen_at", nullable=True),
        sa.UniqueConstraint("tenant_id", "account_id"),
        sa.CheckConstraint(ROLES, name="role"),
        sa.CheckConstraint("status IN ('active', 'suspended')", name="status"),
    )
    op.create_index("ix_memberships_name", "memberships", ["tenant_id", "name", "id"])
    op.create_table(
        "invitations",
        _tenant(),
        _id(),
        _text("email"),
        _text("role"),
        _text("secret_hash"),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        _time("created_at"),
        _time("expires_at"),
        _time("accepted_at", nullable=True),
        _time("revoked_at", nullable=True),
        sa.CheckConstraint(ROLES, name="role"),
    )
    op.create_index("ix_invitations_created", "invitations", _newest("created_at"))
    op.create_table(
        "api_keys",
        _tenant(),
        _id(),
        _text("name"),
        _text("secret_hash"),
        sa.Column("scopes", pg.ARRAY(sa.Text()), nullable=False),
        _text("created_by"),
        _time("created_at"),
        _time("expires_at", nullable=True),
        _time("last_used_at", nullable=True),
        _time("revoked_at", nullable=True),
    )
    op.create_index("ix_api_keys_created", "api_keys", _newest("created_at"))


def _audit_table() -> None:
    optional = [_text(name, nullable=True) for name in ("target_type", "target_id", "target_name")]
    about = [
        _text(name, nullable=True) for name in ("user_agent", "session", "request_id", "reason")
    ]
    op.create_table(
        "audit_events",
        _tenant(),
        _id(),
        _time("occurred_at"),
        _time("received_at", default="now()"),
        *(_text(name) for name in ("actor_type", "actor_id", "actor_name", "action", "outcome")),
        *optional,
        sa.Column("targets", pg.JSONB(), nullable=False),
        sa.Column("source_ip", pg.INET()),
        *about,
        sa.Column("changes", pg.JSONB(), nullable=False),
        sa.Column("metadata", pg.JSONB(), nullable=False),
        sa.Column("event_type_version", sa.Integer(), nullable=False),
        # The API key that delivered it; none for what the app itself writes.
        sa.Column("received_from", sa.String()),
        _text("release"),
        sa.Column("search", pg.TSVECTOR(), nullable=False),
        sa.CheckConstraint("outcome IN ('success', 'failure', 'denied')", name="outcome"),
        sa.CheckConstraint(
            "actor_type IN ('person', 'api_key', 'system', 'anonymous', 'service')",
            name="actor_type",
        ),
    )
    op.create_index("ix_audit_events_time", "audit_events", _newest("occurred_at"))
    op.create_index(
        "ix_audit_events_actor_name",
        "audit_events",
        ["tenant_id", "actor_name", sa.text("occurred_at DESC")],
    )
    indexes = {"actor": "actor_id", "action": "action", "target": "target_id", "outcome": "outcome"}
    for name, column in indexes.items():
        op.create_index(
            f"ix_audit_events_{name}",
            "audit_events",
            ["tenant_id", column, sa.text("occurred_at DESC"), sa.text("id DESC")],
        )
    op.create_index("ix_audit_events_search", "audit_events", ["search"], postgresql_using="gin")


def _outbox_table() -> None:
    op.create_table(
        "outbox_messages",
        _tenant(),
        _id(),
        _text("recipient"),
        _text("subject"),
        _text("body"),
        sa.Column("about", sa.Uuid()),
        sa.Column("for_owners", sa.Boolean(), nullable=False),
        _time("created_at"),
        _time("sent_at", nullable=True),
    )
    op.create_index("ix_outbox_messages_created", "outbox_messages", _newest("created_at"))


def _newest(column: str) -> list[str | sa.TextClause]:
    return ["tenant_id", sa.text(f"{column} DESC"), sa.text("id DESC")]


def _drop_procrastinate() -> None:
    """Drop whatever procrastinate's schema made, found by its prefix."""
    op.execute(
        """
        DO $$
        DECLARE name text;
        BEGIN
          FOR name IN SELECT oid::regclass FROM pg_class
            WHERE relkind = 'r' AND starts_with(relname, 'procrastinate_')
          LOOP EXECUTE 'DROP TABLE IF EXISTS ' || name || ' CASCADE'; END LOOP;
          FOR name IN SELECT oid::regprocedure FROM pg_proc
            WHERE starts_with(proname, 'procrastinate_')
          LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || name || ' CASCADE'; END LOOP;
          FOR name IN SELECT oid::regtype FROM pg_type
            WHERE typtype IN ('e', 'c') AND starts_with(typname, 'procrastinate_')
          LOOP EXECUTE 'DROP TYPE IF EXISTS ' || name || ' CASCADE'; END LOOP;
        END $$
        """
    )
