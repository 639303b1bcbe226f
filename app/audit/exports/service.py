"""What people do with exports, each of which is an event."""

from uuid import UUID

from app.audit.exports.errors import ExportEnded
from app.audit.exports.files import remove_files, whole_path
from app.audit.exports.models import AuditExport, ExportStatus
from app.audit.exports.queries import get_export
from app.audit.exports.settings import export_settings
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.kernel.records import lock_record
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

ENDED = "This export has ended already."
EXPIRED = "The file is no longer kept. Ask for the export again."


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.AUDIT_EVENT_EXPORTED)
def hand_over_export(actor: Actor, export: AuditExport) -> Done[AuditExport]:
    """Keep a small export that was made at once, and write down that its rows leave now."""
    del actor  # recorded by the wrapper
    current_session().add(export)
    return Done(
        export,
        targets=(target_of(export),),
        metadata={"query": export.query, "form": export.form},
    )


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.AUDIT_EXPORT_FINISHED)
def finish_export(
    actor: Actor, export_id: UUID, *, sha256: str | None = None, stopped: str | None = None
) -> Done[None]:
    """Record the end of an export: the hash of its file, or why there is none.

    Raises `ExportEnded`, `NotFound`.
    """
    del actor
    export = lock_record(AuditExport, export_id)
    if export.status != ExportStatus.RUNNING:
        raise ExportEnded(ENDED)
    export.finished_at = clock.now()
    export.problem = stopped
    if stopped is None:
        export.status = ExportStatus.FINISHED.value
        export.sha256 = sha256
        export.expires_at = export.finished_at + export_settings().kept
    else:
        export.status = ExportStatus.STOPPED.value
    return Done(
        None,
        targets=(target_of(export),),
        outcome=Outcome.FAILURE if stopped else Outcome.SUCCESS,
        reason=stopped,
        metadata={"rows": export.rows, "bytes": export.bytes, "sha256": export.sha256},
    )


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.AUDIT_EXPORT_CANCELLED)
def cancel_export(actor: Actor, export_id: UUID) -> Done[None]:
    """Call an export off; nothing of it is kept. Raises `ExportEnded`, `NotFound`."""
    get_export(actor, export_id)
    export = lock_record(AuditExport, export_id)
    if export.status != ExportStatus.RUNNING:
        raise ExportEnded(ENDED)
    export.status = ExportStatus.CANCELLED.value
    export.finished_at = clock.now()
    return Done(
        None,
        targets=(target_of(export),),
        metadata={"rows": export.rows},
        # Where it is being made this moment, its maker sees the status and cleans up.
        after_commit=(lambda: remove_files(export_settings(), export.tenant_id, export.id),),
    )


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.AUDIT_EXPORT_DELETED)
def delete_export(actor: Actor, export_id: UUID) -> Done[None]:
    """Delete a file before its time. Raises `ExportEnded` when it is gone already, `NotFound`."""
    get_export(actor, export_id)
    export = lock_record(AuditExport, export_id)
    if not is_there(export):
        raise ExportEnded(EXPIRED)
    export.expires_at = clock.now()
    return Done(
        None,
        targets=(target_of(export),),
        metadata={"rows": export.rows},
        after_commit=(lambda: remove_files(export_settings(), export.tenant_id, export.id),),
    )


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.AUDIT_EXPORT_DOWNLOADED)
def download_export(
    actor: Actor, export_id: UUID, *, asked_range: str | None = None
) -> Done[AuditExport]:
    """Write down that a file leaves, or a range of it, before its first byte does.

    Raises `NotFound`, also when the file is no longer kept.
    """
    export = get_export(actor, export_id)
    path = whole_path(export_settings(), export.tenant_id, export.id)
    if not is_there(export) or not path.is_file():
        raise NotFound(EXPIRED)
    return Done(
        export,
        targets=(target_of(export),),
        metadata={"query": export.query, "rows": export.rows, "range": asked_range},
    )


def is_there(export: AuditExport) -> bool:
    """Say whether the file of an export is whole and its time not over."""
    is_finished = export.status == ExportStatus.FINISHED
    return is_finished and export.expires_at is not None and export.expires_at > clock.now()


def target_of(export: AuditExport) -> Target:
    """Return an export as the target of an event."""
    return Target("audit_export", str(export.id), export.query or "the whole log")
