"""Reading imports."""

from uuid import UUID

from sqlalchemy import func, select

from app.audit.importers.report import ImportReport, refusals_from_json
from app.audit.ingest.imports.models import FileImport
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.problems import NotFound


def get_import(actor: Actor, import_id: UUID) -> FileImport:
    """Return an import of the tenant; raises `NotFound`."""
    found = current_session().get(FileImport, (actor.tenant, import_id))
    if found is None:
        raise NotFound
    return found


def lock_import(import_id: UUID) -> FileImport:
    """Return an import of the tenant in scope, locked for the transaction; raises `NotFound`."""
    statement = select(FileImport).where(FileImport.id == import_id).with_for_update()
    options = {"populate_existing": True}
    found = current_session().scalar(statement, execution_options=options)
    if found is None:
        raise NotFound
    return found


def count_kept_files() -> int:
    """Return how many uploaded files the tenant keeps."""
    statement = select(func.count()).select_from(FileImport).where(FileImport.has_file)
    return current_session().scalar(statement) or 0


def report_of(found: FileImport) -> ImportReport:
    """Return what became of the records of an import so far."""
    unit = "record" if found.plan["layout"]["kind"] in ("list", "values") else "line"
    return ImportReport(
        unit, found.read, found.stored, found.duplicates, refusals_from_json(found.refusals)
    )
