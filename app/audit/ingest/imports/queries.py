"""Reading imports."""

from sqlalchemy import func, select

from app.audit.importers.report import ImportReport, refusals_from_json
from app.audit.ingest.imports.models import FileImport
from app.kernel.database import current_session


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
