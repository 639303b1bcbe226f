"""Whether a tenant's log is what it was when the senders were told that their events are in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg

from tests.kill.ledger import Batch
from tests.kill.senders import ACTION

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Log:
    """What a tenant's log holds of the senders' events, and how it is numbered."""

    ids_by_mark: dict[str, list[str]]
    leaves: list[int]
    size: int


def read_log(connection: psycopg.Connection, tenant_id: UUID) -> Log:
    """Read the log as the owner of the tables sees it."""
    marks: dict[str, list[str]] = {}
    rows = connection.execute(
        "SELECT target_id, id::text FROM audit_events"
        " WHERE tenant_id = %s AND starts_with(action, %s)",
        (tenant_id, ACTION),
    )
    for mark, ident in rows:
        marks.setdefault(mark, []).append(ident)
    leaves = connection.execute(
        "SELECT leaf FROM audit_events WHERE tenant_id = %s ORDER BY leaf", (tenant_id,)
    )
    size = connection.execute("SELECT size FROM audit_heads WHERE tenant_id = %s", (tenant_id,))
    found = size.fetchone()
    return Log(marks, [row[0] for row in leaves], found[0] if found else 0)


def check_log(log: Log, batches: list[Batch]) -> Iterator[str]:
    """Yield what is wrong: lost, doubled, in halves, or with a gap."""
    yield from _lost(log, batches)
    doubled = [mark for mark, ids in log.ids_by_mark.items() if len(ids) > 1]
    if doubled:
        yield f"{len(doubled)} events are stored twice: {doubled[:SHOWN]}"
    for batch in batches:
        stored = sum(mark in log.ids_by_mark for mark in batch.marks)
        if stored not in (0, len(batch.marks)):
            yield f"{stored} of {len(batch.marks)} events of one request are stored."
    known = {mark for batch in batches for mark in batch.marks}
    strange = log.ids_by_mark.keys() - known
    if strange:
        yield f"{len(strange)} events are stored that nobody sent: {sorted(strange)[:SHOWN]}"
    yield from _gaps(log)


def _lost(log: Log, batches: list[Batch]) -> Iterator[str]:
    lost = [
        mark
        for batch in batches
        if batch.ids is not None
        for mark, ident in zip(batch.marks, batch.ids, strict=True)
        if ident not in log.ids_by_mark.get(mark, ())
    ]
    if lost:
        yield f"{len(lost)} acknowledged events are not stored: {lost[:SHOWN]}"


def _gaps(log: Log) -> Iterator[str]:
    if log.leaves != list(range(len(log.leaves))):
        seen = Counter(log.leaves)
        missing = [leaf for leaf in range(max(seen, default=0)) if leaf not in seen]
        yield f"{len(missing)} numbers are missing: {missing[:SHOWN]}"
    if log.size != len(log.leaves):
        yield f"The next number is {log.size}, and {len(log.leaves)} events are stored."
