"""Erasure of a person, for which the door past append-only is made narrower.

Values go only for an erasure that one person asked for and another confirmed, and what is written
in their place can take away and add nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from migrations.row_security import protect

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

# It runs as the owner of the schema, whom the policies of audit_events do not bind, and so names
# the tenant of the session itself. What it looks up cannot be shadowed by temporary objects.
_HEAD = """
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
  tenant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
  written bigint;
"""

_UPDATE = """
  UPDATE public.audit_events AS event SET
    actor_id = new.actor_id, actor_name = new.actor_name, target_id = new.target_id,
    target_name = new.target_name, targets = new.targets, source_ip = new.source_ip,
    session = new.session, user_agent = new.user_agent, reason = new.reason,
    changes = new.changes, metadata = new.metadata, search = new.search,
    commitments = new.commitments, erased_at = new.erased_at, salt = NULL
  FROM json_to_recordset(remains) AS new (
    id uuid, actor_id varchar, actor_name varchar, target_id varchar, target_name varchar,
    targets jsonb, source_ip inet, session varchar, user_agent varchar, reason varchar,
    changes jsonb, metadata jsonb, search tsvector, commitments jsonb, erased_at timestamptz
  )
  WHERE event.tenant_id = tenant AND event.id = new.id
    AND new.commitments IS NOT NULL AND new.erased_at IS NOT NULL
"""

_ONLY_LESS = """
    AND new.actor_id IN (event.actor_id, 'erased')
    AND new.actor_name IN (event.actor_name, 'erased', 'erased person')
    AND (new.source_ip IS NULL OR new.source_ip = event.source_ip)
    AND (new.session IS NULL OR new.session = event.session)
    AND (new.user_agent IS NULL OR new.user_agent = event.user_agent)
    AND (new.reason IS NULL OR new.reason = event.reason)
    AND new.target_id IS NOT DISTINCT FROM new.targets -> 0 ->> 'id'
    AND new.target_name IS NOT DISTINCT FROM new.targets -> 0 ->> 'name'
    AND jsonb_array_length(new.targets) = jsonb_array_length(event.targets)
    AND NOT EXISTS (
      SELECT FROM ROWS FROM (
        jsonb_array_elements(event.targets), jsonb_array_elements(new.targets)
      ) AS pair (old, less)
      WHERE less ->> 'type' IS DISTINCT FROM old ->> 'type'
        OR less ->> 'id' NOT IN (old ->> 'id', 'erased')
        OR less ->> 'name' NOT IN (old ->> 'name', 'erased', 'erased person'))
    AND ARRAY(SELECT jsonb_object_keys(new.metadata) AS name ORDER BY name)
      = ARRAY(SELECT jsonb_object_keys(event.metadata) AS name ORDER BY name)
    AND NOT EXISTS (
      SELECT FROM jsonb_each(new.metadata) AS less
      WHERE less.value <> 'null' AND less.value IS DISTINCT FROM event.metadata -> less.key)
    AND ARRAY(SELECT jsonb_object_keys(new.changes) AS name ORDER BY name)
      = ARRAY(SELECT jsonb_object_keys(event.changes) AS name ORDER BY name)
    AND NOT EXISTS (
      SELECT FROM jsonb_each(new.changes) AS less, jsonb_each(less.value) AS side
      WHERE side.value <> 'null'
        AND side.value IS DISTINCT FROM event.changes -> less.key -> side.key)
    AND coalesce(event.commitments -> 'erased', '{}') <@ (new.commitments -> 'erased')
"""

ERASE_EVENTS = """
CREATE FUNCTION audit_erase_events(its_erasure uuid, remains json) RETURNS void
-- head
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'values are erased within a tenant, and none is in scope';
  END IF;
  IF NOT EXISTS (
    SELECT FROM public.person_erasures WHERE tenant_id = tenant AND id = its_erasure
      AND status = 'running' AND decided_by <> asked_by
  ) THEN
    RAISE EXCEPTION 'values are erased for what two people decided on, and nothing is under way';
  END IF;
  IF EXISTS (
    SELECT FROM public.legal_holds
    WHERE tenant_id = tenant AND released_at IS NULL AND query = ''
  ) THEN
    RAISE EXCEPTION 'the whole log is under hold';
  END IF;
-- update
-- only less
  ;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> json_array_length(remains) THEN
    RAISE EXCEPTION 'values can only be erased from events that are there, and nothing added';
  END IF;
END
$body$
"""

# As 0013 made it.
ERASE_BEFORE = """
CREATE FUNCTION audit_erase_events(remains json) RETURNS void
-- head
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'values are erased within a tenant, and none is in scope';
  END IF;
-- update
  ;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> json_array_length(remains) THEN
    RAISE EXCEPTION 'values can only be erased from events that are there';
  END IF;
END
$body$
"""


def upgrade() -> None:
    _table()
    op.execute("DROP FUNCTION audit_erase_events(json)")
    op.execute(_whole(ERASE_EVENTS))
    # Who may call it is said where the app's role gets its rights.
    op.execute("REVOKE ALL ON FUNCTION audit_erase_events(uuid, json) FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION audit_erase_events(uuid, json)")
    op.execute(_whole(ERASE_BEFORE))
    op.execute("REVOKE ALL ON FUNCTION audit_erase_events(json) FROM PUBLIC")
    op.drop_table("person_erasures")


def _whole(function: str) -> str:
    parts = {"-- head\n": _HEAD, "-- update\n": _UPDATE, "-- only less\n": _ONLY_LESS}
    for mark, part in parts.items():
        function = function.replace(mark, part)
    return function


def _table() -> None:
    op.create_table(
        "person_erasures",
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("person_id", nullable=True),
        sa.Column("texts", pg.JSONB()),
        *(_text(name) for name in ("reason", "asked_by", "asked_by_name")),
        _time("asked_at"),
        _text("decided_by", nullable=True),
        _text("decided_by_name", nullable=True),
        _time("decided_at", nullable=True),
        _text("status"),
        *(_number(name) for name in ("reached", "until", "found", "erased", "held", "broken")),
        *(
            sa.Column(name, pg.JSONB(), nullable=False)
            for name in ("fields", "elsewhere", "held_by")
        ),
        _time("finished_at", nullable=True),
        sa.CheckConstraint(
            "status IN ('counting', 'waiting', 'running', 'finished', 'refused', 'withdrawn')",
            name="status",
        ),
        sa.CheckConstraint(
            "status NOT IN ('running', 'finished')"
            " OR (decided_by IS NOT NULL AND decided_by <> asked_by)",
            name="two_people",
        ),
        sa.CheckConstraint(
            "status IN ('finished', 'refused', 'withdrawn')"
            " = (person_id IS NULL AND texts IS NULL)",
            name="forgotten",
        ),
    )
    op.create_index(
        "ix_person_erasures_open",
        "person_erasures",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('counting', 'waiting', 'running')"),
    )
    newest: list[str | sa.TextClause] = ["tenant_id", sa.text("asked_at DESC"), sa.text("id DESC")]
    op.create_index("ix_person_erasures_asked", "person_erasures", newest)
    protect("person_erasures")


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
