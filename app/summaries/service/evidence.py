"""Reading the events behind a summary, which is reading the log and recorded as such."""

from uuid import UUID

from app.audit.queries import EventFact, list_events
from app.kernel.actor import Actor
from app.kernel.commands import Done, command
from app.summaries.locking import target_of
from app.summaries.queries import get_summary, list_claims
from app.summaries.slices import slice_of
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.AUDIT_EVENT_READ, audit=AuditTag.AUDIT_EVENT_READ)
def read_evidence(actor: Actor, summary_id: UUID) -> Done[tuple[EventFact, ...]]:
    """Return the events that the live claims of a summary cite, oldest first.

    Events that are not in the slice (any more) are missing from the answer. Raises `NotFound`.
    """
    summary = get_summary(actor, summary_id)
    cited = {
        event_id
        for claim in list_claims(summary.id)
        if claim.removed_at is None
        for event_id in claim.event_ids
    }
    events = list_events(slice_of(summary), sorted(cited)) if cited else ()
    return Done(events, targets=(target_of(summary),), metadata={"events": len(events)})
