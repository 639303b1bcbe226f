"""What people do with imports, besides starting them: upload, correct, cancel, discard."""

from collections.abc import Iterable
from uuid import UUID

from app.audit.importers.plan import Plan, propose_plan
from app.audit.importers.reading.broken import FileBroken
from app.audit.ingest.importing import import_done
from app.audit.ingest.imports.errors import FileUnusable, ImportEnded, TooManyFiles
from app.audit.ingest.imports.models import FileImport, ImportStatus
from app.audit.ingest.imports.pieces import forget_pieces, keep_pieces, measure_text, source_of
from app.audit.ingest.imports.queries import (
    count_kept_files,
    report_of,
)
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.records import lock_record
from app.kernel.untrusted_text import single_line
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

MAX_KEPT = 20


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.FILE_IMPORT_UPLOADED)
def upload_file(actor: Actor, file_name: str, content: Iterable[bytes]) -> Done[UUID]:
    """Keep a file and propose how to read it; nothing is imported yet. Return the import's id.

    Raises `TooManyFiles`, and `FileUnusable` for one that is empty or cannot be unpacked.
    """
    if count_kept_files() >= MAX_KEPT:
        raise TooManyFiles(f"{MAX_KEPT} uploaded files wait already; discard one of them first.")
    import_id, name, session = uuid7(), single_line(file_name, 200) or "file", current_session()
    row = _new_row(actor, import_id, name)
    session.add(row)
    session.flush()
    kept = keep_pieces(import_id, content)
    if kept.length == 0:
        raise FileUnusable("The file is empty.")
    source = source_of(import_id)
    try:
        plan = propose_plan(source, name.partition(".")[0])
    except FileBroken as broken:
        raise FileUnusable(f"The file cannot be read: {broken.reason}.") from None
    row.file_bytes, row.file_hash, row.has_file = kept.length, kept.sha256, True
    row.plan = plan.as_json()
    row.text_bytes = measure_text(source, plan.layout.encoding)
    return Done(
        import_id,
        targets=(target_of(row),),
        metadata={"bytes": kept.length, "sha256": kept.sha256, "format": plan.format_name},
    )


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.FILE_IMPORT_CHANGED)
def change_plan(actor: Actor, import_id: UUID, plan: Plan) -> Done[None]:
    """Change how a file is read; a later start begins at its first record.

    Raises `NotFound`, and `ImportEnded` while the import runs or when its file is gone.
    """
    del actor  # recorded by the wrapper
    found = lock_record(FileImport, import_id)
    if found.status == ImportStatus.RUNNING or not found.has_file:
        raise ImportEnded("How it is read can be changed while its file is kept and it rests.")
    before = Plan.from_json(found.plan)
    if before.layout.encoding != plan.layout.encoding:
        found.text_bytes = measure_text(source_of(import_id), plan.layout.encoding)
    found.plan, found.status = plan.as_json(), ImportStatus.WAITING.value
    _begin_anew(found)
    return Done(None, targets=(target_of(found),), changes=_differences(before, plan))


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.FILE_IMPORT_CANCELLED)
def cancel_import(actor: Actor, import_id: UUID) -> Done[None]:
    """Call an import off; what it has stored stays stored. Raises `ImportEnded`, `NotFound`."""
    del actor  # recorded by the wrapper
    found = lock_record(FileImport, import_id)
    if found.status != ImportStatus.RUNNING:
        raise ImportEnded("This import does not run.")
    found.status, found.finished_at = ImportStatus.CANCELLED.value, clock.now()
    return Done(None, targets=(target_of(found),), metadata={"stored": found.stored})


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.AUDIT_EVENT_IMPORTED)
def finish_file_import(actor: Actor, import_id: UUID, *, stopped: str | None = None) -> Done[None]:
    """Record the end of an import with its result; `stopped` says why it ended early.

    Raises `ImportEnded`, `NotFound`.
    """
    del actor  # recorded by the wrapper
    found = lock_record(FileImport, import_id)
    if found.status != ImportStatus.RUNNING:
        raise ImportEnded("This import does not run.")
    found.status = (ImportStatus.STOPPED if stopped else ImportStatus.FINISHED).value
    found.finished_at = clock.now()
    target = Target("file", str(found.id), found.file_name)
    return import_done(report_of(found), target, found.plan["format"], stopped=stopped)


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.FILE_IMPORT_DISCARDED)
def discard_import(actor: Actor, import_id: UUID) -> Done[None]:
    """Delete the file of an import; its result stays. Raises `ImportEnded`, `NotFound`."""
    del actor  # recorded by the wrapper
    found = lock_record(FileImport, import_id)
    if found.status == ImportStatus.RUNNING or not found.has_file:
        raise ImportEnded("This import runs, or its file is gone already.")
    forget_pieces(import_id)
    found.has_file = False
    if found.status == ImportStatus.WAITING:
        found.status = ImportStatus.DISCARDED.value
    return Done(None, targets=(target_of(found),), metadata={"sha256": found.file_hash})


def target_of(found: FileImport) -> Target:
    """Return an import as the target of an event."""
    return Target("file_import", str(found.id), found.file_name)


def _new_row(actor: Actor, import_id: UUID, name: str) -> FileImport:
    row = FileImport(
        id=import_id,
        file_name=name,
        file_bytes=0,
        file_hash="",
        status=ImportStatus.WAITING.value,
        uploaded_at=clock.now(),
        uploaded_by=actor.name,
        plan={},
        has_file=False,
    )
    _begin_anew(row)
    return row


def _begin_anew(row: FileImport) -> None:
    row.offset_at = row.number_at = row.started_at = row.finished_at = None
    row.read = row.stored = row.duplicates = row.refused = 0
    row.refusals = {}


def _differences(before: Plan, after: Plan) -> dict[str, Change]:
    """Return what differs between two plans, in words."""
    changes = {}
    if before.format_name != after.format_name:
        changes["format"] = Change(before.format_name, after.format_name)
    if before.layout.encoding != after.layout.encoding:
        changes["encoding"] = Change(before.layout.encoding, after.layout.encoding)
    old, new = before.mapping.as_json(), after.mapping.as_json()
    for name in sorted({*old["fields"], *new["fields"]}):
        was, now = old["fields"].get(name), new["fields"].get(name)
        if was != now:
            changes[name] = Change(was, now)
    for name in ("zone", "day_first", "keeps_rest"):
        if old[name] != new[name]:
            changes[name] = Change(str(old[name]), str(new[name]))
    return changes
