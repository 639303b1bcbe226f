"""The statement that stores a batch of events with all that follows from them.

One statement instead of four, because between two of them the process waits for its turn, with
the log of the tenant locked.
"""

from sqlalchemy import make_url, text

from app.audit.rollups.models import ALL_ACTIONS
from app.audit.rows import COLUMNS

# The same for all events of a batch; every other column is in the JSON of each.
_SHARED = {
    "tenant_id": "CAST(:tenant AS uuid)",
    "received_at": "CAST(:received_at AS timestamptz)",
    "received_from": "CAST(:received_from AS varchar)",
    "release": "CAST(:release AS varchar)",
    # Without gaps, in the order in which they were sent.
    "leaf": "CAST(:next AS bigint) + row_number() OVER (ORDER BY place) - 1",
}
_DIALECT = make_url("postgresql+psycopg://").get_dialect()()
_OWN = {
    f'"{one.name}"': one.type.compile(dialect=_DIALECT)
    for one in COLUMNS
    if one.name not in _SHARED
}
_NAMES = ", ".join([*_SHARED, *_OWN])
_VALUES = ", ".join([*_SHARED.values(), *_OWN])
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _OWN.items())

# Under row-level security PostgreSQL copies into no table, and one parameter that the server
# reads by itself is nearly as fast. The caller holds the lock on the tenant's head since an
# earlier statement, so that this one sees every event that was stored before it.
STORE = text(
    f"WITH stored AS (INSERT INTO audit_events ({_NAMES}) SELECT {_VALUES}"  # noqa: S608  all of it is ours
    f" FROM ROWS FROM (json_to_recordset(CAST(:rows AS json)) AS ({_TYPED}))"
    f" WITH ORDINALITY AS sent ({', '.join(_OWN)}, place)"
    " WHERE NOT EXISTS (SELECT FROM audit_events AS known"
    " WHERE known.tenant_id = :tenant AND known.id = sent.id)"
    " RETURNING id, occurred_at, action, outcome),"
    " daily AS (INSERT INTO audit_counts_daily AS kept (tenant_id, day, action, outcome, n)"
    " SELECT CAST(:tenant AS uuid), CAST(occurred_at AT TIME ZONE 'UTC' AS date) AS day,"
    " counted.action, outcome, count(*)"
    f" FROM stored CROSS JOIN LATERAL (VALUES (stored.action), ('{ALL_ACTIONS}'))"
    " AS counted (action)"
    " GROUP BY day, counted.action, outcome"
    " ON CONFLICT (tenant_id, day, action, outcome) DO UPDATE SET n = kept.n + excluded.n),"
    " hourly AS (INSERT INTO audit_counts_hourly AS kept (tenant_id, hour, outcome, n)"
    " SELECT CAST(:tenant AS uuid), date_trunc('hour', occurred_at, 'UTC') AS hour, outcome,"
    " count(*) FROM stored GROUP BY hour, outcome"
    " ON CONFLICT (tenant_id, hour, outcome) DO UPDATE SET n = kept.n + excluded.n),"
    " head AS (UPDATE audit_heads SET size = size + (SELECT count(*) FROM stored)"
    " WHERE tenant_id = :tenant AND EXISTS (SELECT FROM stored))"
    " SELECT id FROM stored"
)
