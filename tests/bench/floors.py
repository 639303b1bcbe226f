"""The least that writing and exporting take: SQL by hand on the product's own kind of table.

Nothing is validated, counted or numbered, and no request is answered: what the product takes
longer, it takes for that.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql

from app.audit.exports.cells import HEADER
from app.audit.rows import row_of, stored_event_of
from app.kernel import clock
from migrations.row_security import THIS_TENANT
from tests.bench.cast import tenant_id
from tests.bench.generate import Generator, Plan

TABLE = "audit_events_floor"
EVENTS_MADE = 5_000
_ENTER = "SELECT set_config('app.tenant_id', %s, true)"
_INSERT = (
    f"INSERT INTO {TABLE} SELECT * FROM json_populate_recordset("
    f"CAST(NULL AS {TABLE}), CAST(%s AS json))"
)
_LEFT_OUT = frozenset({"id", "leaf", "tenant_id"})


@contextmanager
def floor_table(owner: psycopg.Connection, role: str) -> Iterator[None]:
    """Make an empty table with the columns, the indexes and the policy of the log."""
    owner.execute(f"CREATE TABLE {TABLE} (LIKE audit_events INCLUDING ALL)")
    owner.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    owner.execute(
        f"CREATE POLICY tenant_isolation ON {TABLE}"
        f" USING (tenant_id = {THIS_TENANT}) WITH CHECK (tenant_id = {THIS_TENANT})"
    )
    grant = sql.SQL("GRANT SELECT, INSERT ON {} TO {}")
    owner.execute(grant.format(sql.Identifier(TABLE), sql.Identifier(role)))
    try:
        yield
    finally:
        owner.execute(f"DROP TABLE {TABLE}")


def floor_writer(address: str, number: int, batch: int) -> Callable[[], None]:
    """Return what stores the next batch of finished rows of a tenant, in one transaction."""
    tenant = tenant_id(number)
    connection = psycopg.connect(address, autocommit=True, prepare_threshold=None)
    turns, leaves = itertools.cycle(_rows_of(number)), itertools.count()

    def call() -> None:
        rows = [
            f'{{"tenant_id":"{tenant}","id":"{uuid4()}","leaf":{next(leaves)},{next(turns)}'
            for _ in range(batch)
        ]
        with connection.transaction():
            connection.execute(_ENTER, (str(tenant),))
            connection.execute(_INSERT, (f"[{','.join(rows)}]",))

    return call


def floor_export(address: str) -> int:
    """Copy the log of the largest tenant out as CSV, and drop it; return rows a second."""
    columns = sql.SQL(", ").join(map(sql.Identifier, HEADER))
    statement = sql.SQL(
        "COPY (SELECT {} FROM audit_events WHERE tenant_id = {}"
        " ORDER BY occurred_at DESC, id DESC) TO STDOUT (FORMAT csv)"
    ).format(columns, sql.Literal(tenant_id(0)))
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(_ENTER, (str(tenant_id(0)),))
        started = time.perf_counter()
        with cursor.copy(statement) as copy:
            for _block in copy:
                pass
        return round(cursor.rowcount / (time.perf_counter() - started))


def _rows_of(number: int) -> list[str]:
    """Return rows as JSON from behind their ids on."""
    plan, now = Plan(EVENTS_MADE), clock.now()
    drafts = (draft for chunk in plan.chunks for _, draft in Generator(plan).events(chunk))
    events = (
        stored_event_of(
            tenant_id(number), draft, received_at=now, received_from="floor", release="floor"
        )
        for draft in drafts
    )
    rows = (row_of(event, 0) for event in events)
    return [json.dumps({k: v for k, v in row.items() if k not in _LEFT_OUT})[1:] for row in rows]
