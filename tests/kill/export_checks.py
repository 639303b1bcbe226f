"""Whether every export that was promised came to its end, whole and with the right rows."""

import csv
import hashlib
import io
from collections.abc import Iterator
from uuid import UUID

import psycopg

from tests.kill.exporter import Exporter
from tests.kill.senders import ACTION

_STATES = "SELECT id::text, status, problem FROM audit_exports WHERE tenant_id = %s"


def are_over(connection: psycopg.Connection, tenant_id: UUID) -> bool:
    """Say whether no export is being made any more."""
    rows = connection.execute(_STATES, (tenant_id,))
    return all(status != "running" for _id, status, _problem in rows)


def check_exports(
    connection: psycopg.Connection, tenant_id: UUID, exporter: Exporter
) -> Iterator[str]:
    """Yield what is wrong with the exports that somebody was promised."""
    states = {row[0]: row[1:] for row in connection.execute(_STATES, (tenant_id,))}
    for export_id in exporter.asked:
        status, problem = states.get(export_id, ("gone", None))
        if status != "finished":
            yield f"An export is {status}: {problem}"
            continue
        yield from _check_file(connection, tenant_id, exporter, export_id)
    told = connection.execute(
        "SELECT target_id, count(*) FROM audit_events"
        " WHERE tenant_id = %s AND action = 'audit_export.finished' GROUP BY 1",
        (tenant_id,),
    )
    ends = dict(told.fetchall())
    wrong = {name: ends.get(name, 0) for name in exporter.asked if ends.get(name, 0) != 1}
    if wrong:
        yield f"Exports that ended not at all, or more than once: {wrong}"


def _check_file(
    connection: psycopg.Connection, tenant_id: UUID, exporter: Exporter, export_id: str
) -> Iterator[str]:
    answer = exporter.person.get(f"{exporter.path}/{export_id}/file")
    if answer.status != 200:
        yield f"The file of an export answers {answer.status}."
        return
    (watermark, sha256) = connection.execute(
        "SELECT watermark, sha256 FROM audit_exports WHERE tenant_id = %s AND id = %s",
        (tenant_id, export_id),
    ).fetchone()
    if hashlib.sha256(answer.body).hexdigest() != sha256:
        yield "The file of an export is not the one of its manifest."
    expected = connection.execute(
        "SELECT id::text FROM audit_events WHERE tenant_id = %s AND starts_with(action, %s)"
        " AND metadata ->> 'note' LIKE '%%word%%' AND leaf < %s"
        " ORDER BY occurred_at DESC, id DESC",
        (tenant_id, ACTION, watermark),
    )
    rows = csv.DictReader(io.StringIO(answer.text, newline=""), strict=True)
    if [row["id"] for row in rows] != [row[0] for row in expected]:
        yield f"The rows of an export are not those of the log below {watermark}."
