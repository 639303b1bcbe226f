"""Importing a file of another system's records into the log of a tenant."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit.importers.plan import Plan, outcomes_of
from app.audit.importers.reading.records import Record, Source, read_records
from app.audit.importers.report import ImportReport
from app.audit.ingest.receive import Status, store_drafts_in
from app.kernel.actor import Actor
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.database import unit_of_work
from app.kernel.problems import PermissionMissing
from app.kernel.untrusted_text import single_line
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

BATCH = 500
BATCH_BYTES = 4 * 1024 * 1024


def import_events(
    actor: Actor, path: Path, plan: Plan, on_progress: Callable[[ImportReport], None]
) -> ImportReport:
    """Store the records of a file as events of the actor's tenant; return what became of each.

    Every 500 records are committed by themselves and `on_progress` is told, so that an import
    that was interrupted is continued by starting it again: what is stored already counts as a
    duplicate. The last event written is that of the import itself, also when it was
    interrupted. Raises `PermissionMissing`, and `OSError` when the file cannot be opened.
    """
    if not actor.may(Permission.AUDIT_EVENT_IMPORT):
        raise PermissionMissing(Permission.AUDIT_EVENT_IMPORT)
    report = ImportReport(unit=plan.layout.kind.unit)
    try:
        for batch in batches(read_records(Source.of_file(path), plan.layout)):
            with unit_of_work() as session:
                store_records(session, batch, plan, report, received_from=actor.id)
            on_progress(report)
    except KeyboardInterrupt:
        finish_import(actor, path.name, plan.format_name, report, is_complete=False)
        raise
    finish_import(actor, path.name, plan.format_name, report, is_complete=True)
    return report


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.AUDIT_EVENT_IMPORTED)
def finish_import(
    actor: Actor, file_name: str, format_name: str, report: ImportReport, *, is_complete: bool
) -> Done[None]:
    """Record that a file was imported, and with what result."""
    del actor  # recorded by the wrapper
    name = single_line(file_name, 256)
    return import_done(
        report,
        Target("file", name, name),
        format_name,
        stopped=None if is_complete else "Interrupted; what was read until then is stored.",
    )


def import_done(
    report: ImportReport, target: Target, format_name: str, *, stopped: str | None
) -> Done[None]:
    """Return what the log says of an import that has ended."""
    worked = stopped is None and report.read > 0
    return Done(
        None,
        targets=(target,),
        outcome=Outcome.SUCCESS if worked else Outcome.FAILURE,
        reason=stopped,
        metadata={
            "format": format_name,
            "read": report.read,
            "stored": report.stored,
            "duplicates": report.duplicates,
            "refused": report.refused,
        },
    )


def store_records(
    session: Session,
    records: Iterable[Record],
    plan: Plan,
    report: ImportReport,
    *,
    received_from: str,
) -> None:
    """Store the events of some records in the caller's transaction, and count what became of each.

    A record is read when at least one event was made of it.
    """
    drafts = []
    for record in records:
        is_read = False
        for outcome in outcomes_of(record, plan):
            if outcome.draft is not None:
                drafts.append(outcome.draft)
                is_read = True
            else:
                report.refuse(outcome.refused or "", outcome.number)
        report.read += is_read
    for receipt in store_drafts_in(session, drafts, received_from):
        if receipt.status is Status.STORED:
            report.stored += 1
        else:
            report.duplicates += 1


def batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Yield the records in lists of 500, or of as many as 4 MB of the file hold."""
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) >= BATCH or record.end - batch[0].end >= BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch
