"""Commands of the log on itself: reading, searching and exporting it are events too."""

from dataclasses import dataclass
from uuid import UUID

from app.audit.models import AuditEvent
from app.kernel.actor import Actor
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What was exported: the query in canonical form, and how many rows were asked for."""

    query: str
    form: str


@command(requires=Permission.AUDIT_EVENT_READ, audit=AuditTag.AUDIT_EVENT_SEARCHED)
def record_search(actor: Actor, *, query: str) -> Done[None]:
    """Write into the log that it was searched, and for what."""
    del actor  # recorded by the wrapper
    return Done(None, metadata={"query": query})


@command(requires=Permission.AUDIT_EVENT_READ, audit=AuditTag.AUDIT_EVENT_READ)
def read_event(actor: Actor, event_id: UUID) -> Done[AuditEvent]:
    """Return one event in full, and write into the log that it was read. Raises `NotFound`."""
    event = current_session().get(AuditEvent, (actor.tenant, event_id))
    if event is None:
        raise NotFound
    return Done(event, targets=(Target("audit_event", str(event.id), event.action),))


@command(requires=Permission.AUDIT_EVENT_EXPORT, audit=AuditTag.AUDIT_EVENT_EXPORTED)
def record_export(actor: Actor, request: ExportRequest) -> Done[None]:
    """Write into the log that an export begins, before its first row leaves."""
    del actor  # recorded by the wrapper
    return Done(None, metadata={"query": request.query, "form": request.form})
