"""Reading exports: everybody sees their own, and nobody another's."""

from uuid import UUID

from sqlalchemy import func, select

from app.audit.exports.models import AuditExport, ExportStatus
from app.kernel.actor import Actor
from app.kernel.database import current_session
from app.kernel.problems import NotFound


def get_export(actor: Actor, export_id: UUID) -> AuditExport:
    """Return an export that the actor asked for; raises `NotFound`, also for those of others."""
    export = current_session().get(AuditExport, (actor.tenant, export_id))
    if export is None or export.asked_by != actor.id:
        raise NotFound
    return export


def count_running(asked_by: str | None = None) -> int:
    """Return how many exports of the tenant, or of one person in it, are being made."""
    statement = select(func.count()).where(AuditExport.status == ExportStatus.RUNNING)
    if asked_by is not None:
        statement = statement.where(AuditExport.asked_by == asked_by)
    return current_session().scalar(statement) or 0
