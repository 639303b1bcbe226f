"""Export: exactly the filtered rows, streamed, safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterator
from uuid import UUID

from flask import Flask
from sqlalchemy import Select

from app.audit.models import AuditEvent
from app.kernel.database import Database, Scope
from app.kernel.times import iso

HEADER = (
    "id",
    "occurred_at",
    "received_at",
    "actor_type",
    "actor_id",
    "actor_name",
    "action",
    "outcome",
    "target_type",
    "target_id",
    "target_name",
    "source_ip",
    "user_agent",
    "session",
    "reason",
    "changes",
    "metadata",
)
# Rows held in memory at once; the server-side cursor fetches as many.
CHUNK = 1_000
# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(
    app: Flask, database: Database, tenant_id: UUID, statement: Select[AuditEvent]
) -> Iterator[str]:
    """Yield the rows of the statement as CSV text, chunk by chunk.

    Runs after the view has returned, so it opens a session of its own, in the same tenant.
    """
    yield _line(HEADER)
    with app.app_context(), database.session(Scope(tenant_id=tenant_id)) as session:
        rows = session.scalars(statement.execution_options(yield_per=CHUNK))
        for chunk in rows.partitions(CHUNK):
            yield "".join(_line(_cells(event)) for event in chunk)


def safe_cell(text: str) -> str:
    """Return the text so that a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(event: AuditEvent) -> tuple[str, ...]:
    values = (
        str(event.id),
        iso(event.occurred_at),
        iso(event.received_at),
        event.actor_type,
        event.actor_id,
        event.actor_name,
        event.action,
        event.outcome,
        event.target_type,
        event.target_id,
        event.target_name,
        event.source_ip,
        event.user_agent,
        event.session,
        event.reason,
        json.dumps(event.changes, ensure_ascii=False) if event.changes else "",
        json.dumps(event.extra, ensure_ascii=False) if event.extra else "",
    )
    return tuple(safe_cell(str(value)) if value is not None else "" for value in values)


def _line(cells: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return buffer.getvalue()
