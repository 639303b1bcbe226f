"""Filling a database with made-up events, fast: copied into the table past the app's door.

What is stored is made by the door's own functions (`app.audit.rows`), so that a copied event is
the same, byte for byte, as one that came in one by one; `test_load` compares them. Only tables
without any event of another load are filled.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import Index, create_engine, make_url
from sqlalchemy.schema import CreateIndex

from app.audit.rows import COLUMNS, EVENTS, row_of, stored_event_of
from migrations.audit_backfill import COUNT_ALL
from tests.bench.cast import TENANTS, tenant_id
from tests.bench.generate import END, SPAN, Generator, Plan

PROCESSES = os.cpu_count() or 1
RELEASE = "bench"
# How often each event of a load of one tenant is there.
COPIES = 100
_STEP_S = 313_337
# Where the events of a load say they came from.
SENDER = "bench"

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_NAMES = [column.name for column in COLUMNS]


def load_events(owner_url: str, rows: int) -> None:
    """Store so many events, of 200 tenants, and their counts; about two minutes for a million.

    `owner_url` signs in as the owner of the tables. The database is migrated, and its log empty.
    """
    address = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    indexes = [index for index in EVENTS.indexes if not index.unique]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        _make_tenants(connection)
        for index in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(str(index.name))))
        _copy(connection, Plan(rows))
        for statement in COUNT_ALL:
            connection.execute(statement)
        _create(owner_url, indexes)
        for table in ("audit_events", "audit_heads", "audit_counts_daily", "audit_counts_hourly"):
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))


def load_one_tenant(owner_url: str, rows: int) -> None:
    """Store so many events of tenant 0 alone, spread over a year; half a minute for a million.

    A hundredth of them is drawn; the rest are copies of those, moved round in the year.
    """
    address = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    indexes = [index for index in EVENTS.indexes if not index.unique]
    drawn = max(1, rows // COPIES)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        _make_tenants(connection)
        for index in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(str(index.name))))
        columns = sql.SQL(", ").join(map(sql.Identifier, _NAMES))
        with connection.cursor().copy(
            sql.SQL("COPY audit_events ({}) FROM STDIN").format(columns)
        ) as copy:
            copy.write(_lines_of_one(drawn))
        later = {
            "id": sql.SQL("gen_random_uuid()"),
            "leaf": sql.SQL("leaf + copy * {}").format(sql.Literal(drawn)),
            "occurred_at": sql.SQL(
                "{first} + make_interval(secs => mod(extract(epoch FROM occurred_at - {first})"
                " + copy * {step}, {year})::float)"
            ).format(
                first=sql.Literal(END - SPAN),
                step=sql.Literal(_STEP_S),
                year=sql.Literal(int(SPAN.total_seconds())),
            ),
        }
        values = sql.SQL(", ").join(later.get(name, sql.Identifier(name)) for name in _NAMES)
        connection.execute(
            sql.SQL(
                "INSERT INTO audit_events ({}) SELECT {} FROM audit_events"
                " CROSS JOIN generate_series(1, {}) AS copy"
            ).format(columns, values, sql.Literal(COPIES - 1))
        )
        for statement in COUNT_ALL:
            connection.execute(statement)
        _create(owner_url, indexes)
        for table in ("audit_events", "audit_heads", "audit_counts_daily", "audit_counts_hourly"):
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))


def _lines_of_one(rows: int) -> str:
    """Return events, all of tenant 0, as PostgreSQL's COPY takes them."""
    plan = Plan(rows)
    lines = []
    for leaf, (_, draft) in enumerate(
        event for chunk in plan.chunks for event in _generator(rows).events(chunk)
    ):
        event = stored_event_of(
            tenant_id(0),
            draft,
            received_at=draft.occurred_at,
            received_from=SENDER,
            release=RELEASE,
        )
        row = row_of(event, leaf)
        lines.append("\t".join([_written(row[name]) for name in _NAMES]))
    return "\n".join([*lines, ""])


def copied_lines(rows: int, chunk: int, first_leaves: Counter[UUID]) -> str:
    """Return a chunk of events as PostgreSQL's COPY takes them."""
    leaves = first_leaves.copy()
    lines = []
    for tenant, draft in _generator(rows).events(chunk):
        event = stored_event_of(
            tenant, draft, received_at=draft.occurred_at, received_from=SENDER, release=RELEASE
        )
        row = row_of(event, leaves[tenant])
        leaves[tenant] += 1
        lines.append("\t".join([_written(row[name]) for name in _NAMES]))
    lines.append("")
    return "\n".join(lines)


def _make_tenants(connection: psycopg.Connection) -> None:
    statement = (
        "INSERT INTO tenants (id, slug, name, time_zone, is_demo)"
        " VALUES (%s, %s, %s, 'UTC', false) ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [(tenant_id(n), f"tenant-{n}", f"Tenant {n}") for n in range(TENANTS)],
        )


def _copy(connection: psycopg.Connection, plan: Plan) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, _NAMES))
    statement = sql.SQL("COPY audit_events ({}) FROM STDIN").format(columns)
    # Not forked: a child must not share the connection of its parent.
    with (
        get_context("spawn").Pool(PROCESSES) as pool,
        connection.cursor().copy(statement) as copy,
    ):
        for lines in pool.imap(_work, _jobs(plan)):
            copy.write(lines)


def _jobs(plan: Plan) -> Iterator[tuple[int, int, Counter[UUID]]]:
    generator, leaves = Generator(plan), Counter[UUID]()
    for chunk in plan.chunks:
        yield plan.rows, chunk, leaves.copy()
        leaves.update(generator.count_by_tenant(chunk))


def _work(job: tuple[int, int, Counter[UUID]]) -> str:
    return copied_lines(*job)


_generators: dict[int, Generator] = {}


def _generator(rows: int) -> Generator:
    return _generators.setdefault(rows, Generator(Plan(rows)))


def _create(owner_url: str, indexes: Sequence[Index]) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET maintenance_work_mem = '1GB'")
        for index in indexes:
            connection.execute(CreateIndex(index))
    engine.dispose()


def _written(value: object) -> str:
    if value is None:
        return "\\N"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return text.translate(_ESCAPES)
