"""Importing a file of another system's records into the log of a tenant."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from app.audit.event import EventDraft
from app.audit.importers.files import Record, read_records
from app.audit.importers.refusal import RecordRefused
from app.audit.importers.registry import Format
from app.audit.ingest.receive import Status, store_drafts
from app.kernel.actor import Actor
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.problems import PermissionMissing
from app.kernel.untrusted_text import single_line
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

BATCH = 500
SHOWN_PLACES = 5
MAX_REASONS = 30
OTHER_REASONS = "other reasons"

T = TypeVar("T")


@dataclass(slots=True)
class Refusals:
    """The records refused for one reason: how many, and where the first five are."""

    count: int = 0
    places: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ImportReport:
    """What became of a file. `unit` is what the places of refusals count: lines or records."""

    unit: str = "line"
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    refusals: dict[str, Refusals] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        return sum(refusals.count for refusals in self.refusals.values())

    def refuse(self, reason: str, place: int) -> None:
        """Count a refusal; reasons beyond thirty become one, so that memory stays flat."""
        if reason not in self.refusals and len(self.refusals) >= MAX_REASONS:
            reason = OTHER_REASONS
        refusals = self.refusals.setdefault(reason, Refusals())
        refusals.count += 1
        if len(refusals.places) < SHOWN_PLACES:
            refusals.places.append(place)


def import_events(
    actor: Actor,
    path: Path,
    format_read: Format,
    on_progress: Callable[[ImportReport], None],
) -> ImportReport:
    """Store the records of a file as events of the actor's tenant; return what became of each.

    Every 500 records are committed by themselves and `on_progress` is told, so that an import
    that was interrupted is continued by starting it again: what is stored already counts as a
    duplicate. The last event written is that of the import itself, also when it was
    interrupted. Raises `PermissionMissing`, and `OSError` when the file cannot be opened.
    """
    if not actor.may(Permission.AUDIT_EVENT_CREATE):
        raise PermissionMissing(Permission.AUDIT_EVENT_CREATE)
    report = ImportReport()
    try:
        for batch in _batches(read_records(path)):
            _store(batch, format_read, report, received_from=actor.id)
            on_progress(report)
    except KeyboardInterrupt:
        finish_import(actor, path.name, format_read.name, report, is_complete=False)
        raise
    finish_import(actor, path.name, format_read.name, report, is_complete=True)
    return report


@command(requires=Permission.AUDIT_EVENT_CREATE, audit=AuditTag.AUDIT_EVENT_IMPORTED)
def finish_import(
    actor: Actor, file_name: str, format_name: str, report: ImportReport, *, is_complete: bool
) -> Done[None]:
    """Record that a file was imported, and with what result."""
    del actor  # recorded by the wrapper
    name = single_line(file_name, 256)
    worked = is_complete and report.read > 0
    return Done(
        None,
        targets=(Target("file", name, name),),
        outcome=Outcome.SUCCESS if worked else Outcome.FAILURE,
        reason=None if is_complete else "Interrupted; what was read until then is stored.",
        metadata={
            "format": format_name,
            "read": report.read,
            "stored": report.stored,
            "duplicates": report.duplicates,
            "refused": report.refused,
        },
    )


def _store(
    batch: Iterable[Record], format_read: Format, report: ImportReport, *, received_from: str
) -> None:
    drafts = [draft for record in batch if (draft := _draft(record, format_read, report))]
    for receipt in store_drafts(drafts, received_from):
        if receipt.status is Status.STORED:
            report.stored += 1
        else:
            report.duplicates += 1


def _draft(record: Record, format_read: Format, report: ImportReport) -> EventDraft | None:
    report.unit = record.unit
    if record.broken is not None:
        report.refuse(record.broken, record.number)
        return None
    if not isinstance(record.value, dict):
        report.refuse("not a JSON object", record.number)
        return None
    try:
        draft = format_read.importer.read(record.value)
    except RecordRefused as refusal:
        report.refuse(refusal.reason, record.number)
        return None
    report.read += 1
    return draft


def _batches(records: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(itertools.islice(records, BATCH)):
        yield batch
