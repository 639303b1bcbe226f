"""Asking for an export: a small one is made at once, a large one by the worker."""

from app.audit.exports.errors import ExportWaits
from app.audit.exports.files import require_room
from app.audit.exports.making import EXPORT_JOB, write_at_once
from app.audit.exports.models import AuditExport, ExportForm, ExportStatus
from app.audit.exports.parts import count_events
from app.audit.exports.queries import count_running
from app.audit.exports.selection import selection_of
from app.audit.exports.service import hand_over_export, target_of
from app.audit.exports.settings import export_settings
from app.audit.histogram import histogram
from app.audit.proof.watermarks import get_watermark
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Moment
from app.kernel.commands import Done, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.jobs import defer
from app.kernel.query_language.query import Query
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

# Made while somebody waits: a fraction of a second.
MOST_AT_ONCE = 10_000
RUNNING_A_PERSON, RUNNING_A_TENANT = 2, 6


def ask_for_export(actor: Actor, query: Query, form: ExportForm, moment: Moment) -> AuditExport:
    """Return an export of what a query finds at a moment: finished, or about to be made.

    Raises `NoRoom`, and `ExportWaits` when too many are being made already.
    """
    export = _new(actor, query, form, moment)
    if is_small(query, moment):
        return make_at_once(actor, export)
    return request_export(actor, export)


def is_small(query: Query, moment: Moment) -> bool:
    """Say whether an export is certainly no more than what is made at once."""
    bars = histogram(query, moment)
    return bars is None or (bars.is_exact and bars.total <= MOST_AT_ONCE)


def make_at_once(actor: Actor, export: AuditExport) -> AuditExport:
    """Make a small export; its rows may leave as soon as this returns. Raises `NoRoom`."""
    export.events = count_events(selection_of(export).spans)
    write_at_once(export)
    export.status = ExportStatus.FINISHED.value
    export.finished_at = clock.now()
    export.expires_at = export.finished_at + export_settings().kept
    return hand_over_export(actor, export)


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.AUDIT_EXPORT_REQUESTED)
def request_export(actor: Actor, export: AuditExport) -> Done[AuditExport]:
    """Let the worker make an export. Raises `NoRoom` and `ExportWaits`."""
    if count_running(actor.id) >= RUNNING_A_PERSON:
        raise ExportWaits("Two of your exports are being made. Wait for one, or call it off.")
    if count_running() >= RUNNING_A_TENANT:
        raise ExportWaits("Many exports of this tenant are being made. Try again a little later.")
    require_room(export_settings(), actor.tenant)
    export.events = count_events(selection_of(export).spans)
    current_session().add(export)
    defer(EXPORT_JOB, actor, export_id=str(export.id))
    return Done(
        export,
        targets=(target_of(export),),
        metadata={"query": export.query, "form": export.form},
    )


def _new(actor: Actor, query: Query, form: ExportForm, moment: Moment) -> AuditExport:
    return AuditExport(
        tenant_id=actor.tenant,
        id=uuid7(),
        asked_by=actor.id,
        asked_by_name=actor.name,
        asked_at=moment.now,
        zone=moment.zone.key,
        query=query.canonical(),
        form=form.value,
        watermark=get_watermark().size,
        status=ExportStatus.RUNNING.value,
        events=0,
        looked_at=0,
        rows=0,
        bytes=0,
    )
