"""The job that imports an uploaded file, some hundred records a transaction.

How far it is stands in the transaction that stores the records, so that a worker that dies in
the middle leaves nothing half done: the next one goes on at the byte where the last transaction
ended.
"""

import logging
from uuid import UUID

from app.audit.importers.plan import Plan
from app.audit.importers.reading.records import Place, Record, read_records
from app.audit.ingest.importing import batches, store_records
from app.audit.ingest.imports.errors import ImportEnded
from app.audit.ingest.imports.models import FileImport, ImportStatus
from app.audit.ingest.imports.pieces import source_of
from app.audit.ingest.imports.queries import report_of
from app.audit.ingest.imports.service import finish_file_import
from app.kernel.actor import Actor, system_actor
from app.kernel.database import unit_of_work
from app.kernel.jobs import job
from app.kernel.problems import NotFound
from app.kernel.records import get_record, lock_record
from app.vocabulary.permissions import Permission

RUN_JOB = "file_import.run"
BROKE = "Something broke on our side; what was read until then is stored. Go on to try again."
GONE = "The person who asked for it is no active member any more, or may not import any more."

log = logging.getLogger(__name__)


def abandon(actor: Actor, import_id: str) -> None:
    """End the import of somebody who is no active member any more."""
    _finish(actor, UUID(import_id), stopped=GONE)


@job(RUN_JOB, when_gone=abandon)
def run(actor: Actor, import_id: str) -> None:
    """Store the records of a file from where it is, until its end or until it is called off."""
    identity = UUID(import_id)
    try:
        found = get_record(FileImport, identity)
    except NotFound:
        return
    if found.status != ImportStatus.RUNNING:
        return
    if not actor.may(Permission.AUDIT_EVENT_IMPORT):
        _finish(system_actor(actor.tenant, "worker"), identity, stopped=GONE)
        return
    try:
        is_whole = _store_all(actor, found)
    except Exception:
        # Nobody waits for ever for work that nobody does; the cause goes into the worker's log.
        _finish(actor, identity, stopped=BROKE)
        raise
    if is_whole:
        _finish(actor, identity)


def _store_all(actor: Actor, found: FileImport) -> bool:
    """Store what is left of a file; say whether its end was reached."""
    identity, plan = found.id, Plan.from_json(found.plan)
    at = Place(found.offset_at or 0, found.number_at or 0)
    for batch in batches(read_records(source_of(identity), plan.layout, at)):
        if not _store_some(actor, identity, plan, batch, at):
            return False
        at = Place(batch[-1].end, batch[-1].next_number)
    return True


def _store_some(actor: Actor, import_id: UUID, plan: Plan, batch: list[Record], at: Place) -> bool:
    """Store some records that begin at a place; say whether there is anything to go on for."""
    with unit_of_work() as session:
        found = lock_record(FileImport, import_id)
        # Somebody called it off, or another worker took it over and is further already.
        if found.status != ImportStatus.RUNNING or found.offset_at != at.offset:
            return False
        report = report_of(found)
        store_records(session, batch, plan, report, received_from=actor.id)
        found.read, found.stored = report.read, report.stored
        found.duplicates, found.refused = report.duplicates, report.refused
        found.refusals = report.refusals_as_json()
        found.offset_at, found.number_at = batch[-1].end, batch[-1].next_number
    return True


def _finish(actor: Actor, import_id: UUID, *, stopped: str | None = None) -> None:
    try:
        finish_file_import(actor, import_id, stopped=stopped)
    except (ImportEnded, NotFound):
        log.info("file_import_ended", extra={"file_import": str(import_id)})
