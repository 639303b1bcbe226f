"""Starting the import of a file that was uploaded."""

from uuid import UUID

from app.audit.importers.plan import Plan
from app.audit.importers.reading.records import start_of
from app.audit.ingest.imports.errors import ImportEnded
from app.audit.ingest.imports.models import FileImport, ImportStatus
from app.audit.ingest.imports.running import RUN_JOB
from app.audit.ingest.imports.service import target_of
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, command
from app.kernel.jobs import defer
from app.kernel.records import lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

_CAN_START = {ImportStatus.WAITING, ImportStatus.CANCELLED, ImportStatus.STOPPED}


@command(requires=Permission.AUDIT_EVENT_IMPORT, audit=AuditTag.FILE_IMPORT_STARTED)
def start_import(actor: Actor, import_id: UUID) -> Done[None]:
    """Import a file in the background; one that was called off goes on where it ended.

    Raises `NotFound` and `ImportEnded`.
    """
    found = lock_record(FileImport, import_id)
    if found.status not in _CAN_START or not found.has_file:
        raise ImportEnded("This import runs already, has ended, or its file is gone.")
    if found.offset_at is None:
        place = start_of(Plan.from_json(found.plan).layout)
        found.offset_at, found.number_at = place.offset, place.number
        found.started_at = clock.now()
    found.status, found.finished_at = ImportStatus.RUNNING.value, None
    defer(RUN_JOB, actor, import_id=str(import_id))
    begins = {"format": found.plan["format"], "at": found.number_at}
    return Done(None, targets=(target_of(found),), metadata=begins)
