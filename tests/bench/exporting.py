"""How fast the worker writes an export of a whole log, and what it takes in memory."""

import time

import psycopg

from app.boot.database_addresses import psycopg_address
from tests.bench.cast import tenant_id
from tests.bench.floors import floor_export
from tests.bench.machine import MemoryWatch
from tests.support.installation import Installation
from tests.support.wire import Person

PATIENCE_S = 600.0
# Nobody counts beforehand what a word finds, so that the worker makes the export; nobody has it.
QUERY = "-actor:nobody -nothing"


def measure_export(
    installation: Installation, connection: psycopg.Connection, person: Person, slug: str
) -> dict[str, object]:
    """Export the log of the largest tenant; return rows, seconds, rows a second, memory."""
    path = f"/t/{slug}/audit-log/exports"
    with MemoryWatch(installation) as memory:
        started = time.perf_counter()
        answer = person.post(f"{path}/new", q=QUERY, form="csv")
        if answer.status == 200:
            return {"rows": answer.body.count(b"\n") - 1, "how": "at once"}
        if answer.status != 303:
            raise RuntimeError(f"export: {answer.status} {answer.text[:500]}")
        ident = answer.headers["Location"].rpartition("/")[2]
        rows = _wait(connection, ident)
        seconds = time.perf_counter() - started
        began = time.perf_counter()
        size = len(person.get(f"{path}/{ident}/file").body)
    return {
        "how": "by the worker",
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "floor_rows_per_second": floor_export(psycopg_address(installation.addresses.for_app())),
        "file_mb": size // (1024 * 1024),
        "download_seconds": round(time.perf_counter() - began, 2),
        "memory": memory.as_json(),
    }


def _wait(connection: psycopg.Connection, ident: str) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        status, rows, problem = connection.execute(
            "SELECT status, rows, problem FROM audit_exports WHERE tenant_id = %s AND id = %s",
            (tenant_id(0), ident),
        ).fetchone()
        if status == "finished":
            return int(rows)
        if status != "running":
            raise RuntimeError(f"The export is {status}: {problem}")
        time.sleep(0.05)
    raise RuntimeError(f"The export was not finished within {PATIENCE_S:.0f} seconds.")
