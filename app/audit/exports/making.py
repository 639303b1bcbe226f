"""Making the file of an export: part by part, each on the disk before anybody is told of it.

A process that is killed leaves a `.part`, which nobody can download. Whoever goes on cuts it back
to what the database says is in it, and continues there; when the file is not here, it begins
anew. The rows are the same whoever writes them, so that the end is the same as well.
"""

import logging
import time
from contextlib import closing
from enum import Enum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from app.audit.exports.cells import header_line
from app.audit.exports.copying import copy_rows
from app.audit.exports.errors import ExportEnded, FileLost, NoRoom
from app.audit.exports.files import PartFile, remove_files, require_room, whole_path
from app.audit.exports.models import AuditExport, ExportForm, ExportStatus
from app.audit.exports.parts import BEGINNING, Part, parts_of
from app.audit.exports.selection import Selection, selection_of
from app.audit.exports.service import finish_export
from app.audit.exports.settings import export_settings
from app.kernel.actor import Actor
from app.kernel.database import unit_of_work
from app.kernel.jobs import defer, job
from app.kernel.problems import NotFound
from app.kernel.tenant_wall import tenant_in_scope

EXPORT_JOB = "audit_export.make"
# So long an export goes on before another one that waits has its turn.
TURN_S = 20.0
GONE = "The person who asked for it is no active member any more."
BROKEN = "Something broke on our side while it was made. Ask for it again."

_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(:export, 0))")

log = logging.getLogger(__name__)


class Turn(Enum):
    """How a turn of an export ended: it is whole, others come first, or nobody wants it."""

    DONE = "done"
    OVER = "over"
    CALLED_OFF = "called off"


def abandon(actor: Actor, export_id: str) -> None:
    """End the export of somebody who is no active member any more."""
    _stop(actor, UUID(export_id), GONE)


@job(EXPORT_JOB, when_gone=abandon, lock="exports")
def make_export(actor: Actor, export_id: str) -> None:
    """Write an export to its end, until it is called off, or until others have their turn.

    Bears a repetition: how far it is stands in the database only once it is on the disk.
    """
    found, settings = UUID(export_id), export_settings()
    try:
        with closing(PartFile(whole_path(settings, actor.tenant, found))) as file:
            turn = _write_for_a_turn(file, found)
            if turn is Turn.DONE:
                finish_export(actor, found, sha256=file.finish())
        if turn is Turn.CALLED_OFF:
            remove_files(settings, actor.tenant, found)
        if turn is Turn.OVER:
            with unit_of_work():
                defer(EXPORT_JOB, actor, export_id=export_id)
    except (ExportEnded, NotFound):
        remove_files(settings, actor.tenant, found)
    except NoRoom as problem:
        _stop(actor, found, problem.detail)
    except (OperationalError, InterfaceError):
        # The database went away. It is queued again once it is back (see `pruning`).
        raise
    except Exception:
        _stop(actor, found, BROKEN)
        raise


def write_at_once(export: AuditExport) -> None:
    """Write the whole file of an export that is not stored yet, and note what is in it."""
    settings = export_settings()
    require_room(settings, export.tenant_id)
    with closing(PartFile(whole_path(settings, export.tenant_id, export.id))) as file:
        _begin(file, export)
        selection = selection_of(export)
        for part in parts_of(selection.spans, None):
            _write_part(file, export, selection, part)
        export.sha256 = file.finish()


def _write_for_a_turn(file: PartFile, export_id: UUID) -> Turn:
    until = time.monotonic() + TURN_S
    while True:
        with unit_of_work() as session:
            # Two workers may hold the same job, one of them for dead: they take turns here.
            session.execute(_HOLD, {"export": str(export_id)})
            key = (tenant_in_scope(), export_id)
            export = session.get(AuditExport, key, populate_existing=True)
            if export is None or export.status != ExportStatus.RUNNING:
                return Turn.CALLED_OFF
            _go_on(file, export)
            selection = selection_of(export)
            part = next(parts_of(selection.spans, export.done_until), None)
            if part is None:
                return Turn.DONE
            require_room(export_settings(), export.tenant_id)
            _write_part(file, export, selection, part)
            file.sync()
        if time.monotonic() > until:
            return Turn.OVER


def _go_on(file: PartFile, export: AuditExport) -> None:
    """Bring the file to where the database says it is; begin anew where that cannot be."""
    if export.bytes and file.size == export.bytes:
        return
    try:
        file.keep(export.bytes)
    except FileLost:
        log.warning("export_begins_anew", extra={"export": str(export.id)})
        export.bytes = 0
    if not export.bytes:
        _begin(file, export)


def _begin(file: PartFile, export: AuditExport) -> None:
    file.keep(0)
    export.rows = export.looked_at = 0
    export.done_until = None
    if export.form == ExportForm.CSV:
        file.write(header_line())


def _write_part(file: PartFile, export: AuditExport, selection: Selection, part: Part) -> None:
    form = ExportForm(export.form)
    export.rows += copy_rows(selection.rows(form, part.window), form, file.write)
    export.looked_at += part.events
    export.done_until = part.window.start or BEGINNING
    export.bytes = file.size


def _stop(actor: Actor, export_id: UUID, why: str) -> None:
    try:
        finish_export(actor, export_id, stopped=why)
    except (ExportEnded, NotFound):
        log.info("export_ended", extra={"export": str(export_id)})
    remove_files(export_settings(), actor.tenant, export_id)
