"""Two narrow doors past append-only: deletion after its time, and erasure of values."""

import sqlalchemy as sa
from alembic import op

from migrations.row_security import protect

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

# Both run as the owner of the schema, whom the policies of audit_events do not bind, and so name
# the tenant of the session themselves. What they look up cannot be shadowed by temporary objects.
_HEAD = """
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
  tenant uuid := NULLIF(current_setting('app.tenant_id', true), '')::uuid;
"""

DELETE_EVENTS = """
CREATE FUNCTION audit_delete_events(leaves bigint[], its_record uuid) RETURNS void
-- head
  sealed bigint;
  deleted bigint;
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'events are deleted within a tenant, and none is in scope';
  END IF;
  IF NOT EXISTS (
    SELECT FROM public.audit_events WHERE tenant_id = tenant AND id = its_record
      AND action = 'audit_event.deleted' AND received_from IS NULL
  ) THEN
    RAISE EXCEPTION 'a deletion needs a record in the log, and there is none';
  END IF;
  SELECT coalesce(max(size), 0) INTO sealed FROM public.audit_checkpoints WHERE tenant_id = tenant;
  WITH gone AS (
    DELETE FROM public.audit_events AS event
    USING (SELECT DISTINCT unnest(leaves) AS leaf) AS wanted
    WHERE event.tenant_id = tenant AND event.leaf = wanted.leaf AND event.leaf < sealed
      AND NOT (event.action = 'audit_event.deleted' AND event.received_from IS NULL)
    RETURNING event.leaf, event.occurred_at, event.action, event.outcome
  ), hourly AS (
    SELECT date_trunc('hour', occurred_at, 'UTC') AS hour, outcome, count(*) AS n
    FROM gone GROUP BY 1, 2
  ), daily AS (
    SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day, coalesce(action, '') AS action, outcome,
      count(*) AS n
    FROM gone GROUP BY GROUPING SETS ((1, gone.action, 3), (1, 3))
  ), less_hourly AS (
    UPDATE public.audit_counts_hourly AS kept SET n = kept.n - hourly.n FROM hourly
    WHERE kept.tenant_id = tenant AND kept.hour = hourly.hour AND kept.outcome = hourly.outcome
  ), less_daily AS (
    UPDATE public.audit_counts_daily AS kept SET n = kept.n - daily.n FROM daily
    WHERE kept.tenant_id = tenant AND kept.day = daily.day AND kept.action = daily.action
      AND kept.outcome = daily.outcome
  ), runs AS (
    INSERT INTO public.audit_deleted_runs (tenant_id, first_leaf, end_leaf, record_id)
    SELECT tenant, min(leaf), max(leaf) + 1, its_record
    FROM (SELECT leaf, leaf - row_number() OVER (ORDER BY leaf) AS run FROM gone) AS placed
    GROUP BY run
  )
  SELECT count(*) INTO deleted FROM gone;
  IF deleted <> (SELECT count(DISTINCT leaf) FROM unnest(leaves) AS leaf) THEN
    RAISE EXCEPTION 'only sealed events that are there can be deleted, and no records of deletions';
  END IF;
END
$body$
"""

ERASE_EVENTS = """
CREATE FUNCTION audit_erase_events(remains json) RETURNS void
-- head
  written bigint;
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'values are erased within a tenant, and none is in scope';
  END IF;
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
    AND new.commitments IS NOT NULL AND new.erased_at IS NOT NULL;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> json_array_length(remains) THEN
    RAISE EXCEPTION 'values can only be erased from events that are there';
  END IF;
END
$body$
"""


def upgrade() -> None:
    op.create_table(
        "audit_deleted_runs",
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("tenants.id"), primary_key=True),
        sa.Column("first_leaf", sa.BigInteger(), primary_key=True),
        sa.Column("end_leaf", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("end_leaf > first_leaf", name="end_leaf"),
    )
    protect("audit_deleted_runs")
    for function in (DELETE_EVENTS, ERASE_EVENTS):
        op.execute(function.replace("-- head\n", _HEAD))
    # Who may call them is said where the app's role gets its rights.
    op.execute("REVOKE ALL ON FUNCTION audit_delete_events(bigint[], uuid) FROM PUBLIC")
    op.execute("REVOKE ALL ON FUNCTION audit_erase_events(json) FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION audit_erase_events(json)")
    op.execute("DROP FUNCTION audit_delete_events(bigint[], uuid)")
    op.drop_table("audit_deleted_runs")
