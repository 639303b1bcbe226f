"""What the worker does about exports by the clock: delete what is over, go on with what stopped."""

import datetime as dt
import time

from sqlalchemy import delete, select, text

from app.audit.exports.files import list_files, remove_files
from app.audit.exports.making import EXPORT_JOB
from app.audit.exports.models import AuditExport, ExportStatus
from app.audit.exports.service import is_there
from app.audit.exports.settings import export_settings
from app.kernel import clock
from app.kernel.actor import Actor, ActorType
from app.kernel.database import current_session, unit_of_work
from app.kernel.jobs import defer
from app.kernel.tenant_wall import tenant_in_scope

# So long the list says what became of an export whose file is gone.
REMEMBERED = dt.timedelta(days=30)
# A file without a row may belong to a request that is writing both this moment.
STRAY_S = 3_600.0

_HAS_JOB = text(
    "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = :name"
    " AND status IN ('todo', 'doing') AND args -> 'arguments' ->> 'export_id' = :export)"
)


def prune_exports() -> int:
    """Delete the files that nobody may download any more; return how many."""
    settings, tenant_id = export_settings(), tenant_in_scope()
    with unit_of_work() as session:
        old = AuditExport.asked_at < clock.now() - REMEMBERED - settings.kept
        session.execute(delete(AuditExport).where(old))
    known = {export.id: export for export in current_session().scalars(select(AuditExport))}
    pruned = 0
    for export_id, path in list_files(settings, tenant_id):
        export = known.get(export_id)
        if export is None:
            is_over = path.exists() and path.stat().st_mtime < time.time() - STRAY_S
        else:
            is_over = export.status != ExportStatus.RUNNING and not is_there(export)
        if is_over:
            remove_files(settings, tenant_id, export_id)
            pruned += 1
    return pruned


def revive_exports() -> int:
    """Queue exports again whose job is gone, whatever ended it; return how many."""
    with unit_of_work() as session:
        running = select(AuditExport).where(AuditExport.status == ExportStatus.RUNNING)
        revived = 0
        for export in session.scalars(running).all():
            wanted = {"name": EXPORT_JOB, "export": str(export.id)}
            if not session.scalar(_HAS_JOB, wanted):
                defer(EXPORT_JOB, _asker(export), export_id=str(export.id))
                revived += 1
        return revived


def _asker(export: AuditExport) -> Actor:
    """Return who asked, to be resolved again when the job runs."""
    return Actor(ActorType.PERSON, export.asked_by, export.asked_by_name, export.tenant_id)
