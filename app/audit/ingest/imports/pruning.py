"""Forgetting uploaded files that nobody came back for."""

import datetime as dt

from sqlalchemy import select

from app.audit.ingest.imports.models import FileImport, ImportStatus
from app.audit.ingest.imports.pieces import forget_pieces
from app.kernel import clock
from app.kernel.database import current_session, unit_of_work

KEPT_FOR = dt.timedelta(days=7)


def prune_files() -> int:
    """Delete the files of the tenant in scope that were uploaded a week ago; return how many.

    Results stay. A running import keeps its file.
    """
    old = select(FileImport).where(
        FileImport.has_file,
        FileImport.status != ImportStatus.RUNNING,
        FileImport.uploaded_at < clock.now() - KEPT_FOR,
    )
    with unit_of_work():
        found = list(current_session().scalars(old.with_for_update()))
        for one in found:
            forget_pieces(one.id)
            one.has_file = False
            if one.status == ImportStatus.WAITING:
                one.status = ImportStatus.DISCARDED.value
    return len(found)
