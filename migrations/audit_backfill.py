"""What 0005 adds to events that are there already: their numbers, leaves, words and counts.

The leaves and words come from the app's own code, so that such events cannot be told from later
ones. An installation that begins with 0005 has no events yet, and nothing here does anything.
"""

import json
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from app.audit.proof.leaves import StoredEvent, leaf_content, leaf_hash, new_salt
from app.audit.search.lexemes import vector_of

BATCH = 1_000

_NUMBER = """
UPDATE audit_events AS event SET leaf = numbered.leaf FROM (
  SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id ORDER BY received_at, id) - 1
    AS leaf
  FROM audit_events
) AS numbered
WHERE event.tenant_id = numbered.tenant_id AND event.id = numbered.id
"""
_HEADS = "INSERT INTO audit_heads SELECT tenant_id, count(*) FROM audit_events GROUP BY tenant_id"
_DAILY = """
INSERT INTO audit_counts_daily
SELECT tenant_id, (occurred_at AT TIME ZONE 'UTC')::date AS day, coalesce(action, ''), outcome,
  count(*)
FROM audit_events GROUP BY GROUPING SETS ((1, 2, action, 4), (1, 2, 4))
"""
_HOURLY = """
INSERT INTO audit_counts_hourly
SELECT tenant_id, date_trunc('hour', occurred_at, 'UTC'), outcome, count(*)
FROM audit_events GROUP BY 1, 2, 3
"""
_READ = """
SELECT tenant_id, id, occurred_at, received_at, actor_type, actor_id, actor_name, action, outcome,
  target_type, target_id, target_name, targets, host(source_ip) AS source_ip, user_agent, session,
  request_id, reason, changes, metadata, event_type_version, received_from, release, retention
FROM audit_events WHERE (tenant_id, id) > (:tenant_id, :id)
ORDER BY tenant_id, id LIMIT :batch
"""
_WRITE = """
UPDATE audit_events AS event
SET salt = found.salt, leaf_hash = found.leaf_hash, search = found.search
FROM json_to_recordset(CAST(:rows AS json))
  AS found (tenant_id uuid, id uuid, salt bytea, leaf_hash bytea, search tsvector)
WHERE event.tenant_id = found.tenant_id AND event.id = found.id
"""

# Heads and counts of all that is in the table; they must be empty before.
COUNT_ALL = (_HEADS, _DAILY, _HOURLY)


def number_events(connection: sa.Connection) -> None:
    """Give every event of every tenant its leaf, words and place in the counts."""
    for statement in (_NUMBER, *COUNT_ALL):
        connection.execute(sa.text(statement))
    last = {"tenant_id": UUID(int=0), "id": UUID(int=0), "batch": BATCH}
    while events := _read(connection, last):
        rows = json.dumps([_row(event) for event in events])
        connection.execute(sa.text(_WRITE), {"rows": rows})
        last |= {"tenant_id": events[-1].tenant_id, "id": events[-1].id}


def _read(connection: sa.Connection, last: dict[str, object]) -> Sequence[StoredEvent]:
    rows = connection.execute(sa.text(_READ), last).mappings()
    return [StoredEvent(**row, salt=new_salt()) for row in rows]


def _row(event: StoredEvent) -> dict[str, str]:
    salt = event.salt or b""
    return {
        "tenant_id": str(event.tenant_id),
        "id": str(event.id),
        "salt": f"\\x{salt.hex()}",
        "leaf_hash": f"\\x{leaf_hash(leaf_content(event)).hex()}",
        "search": vector_of(event),
    }
