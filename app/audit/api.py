"""The API's doors into the audit log."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from app.audit.ingest.door import take_events
from app.audit.reading import door
from app.kernel.actor import Actor
from app.kernel.routing import ApiDoors
from app.vocabulary.permissions import Permission

api = ApiDoors("api", __name__)


# What is limited is events, however many calls they come in.
@api.post("/events", requires=Permission.AUDIT_EVENT_CREATE, counts_calls=False)
def create_events(actor: Actor) -> ResponseReturnValue:
    """Take one event, a JSON list of events, or one event a line."""
    return take_events(actor)


@api.get("/events", requires=Permission.AUDIT_EVENT_READ)
def list_events(actor: Actor) -> ResponseReturnValue:
    """Answer with the events that match a query, a page at a time."""
    return door.list_events(actor)


@api.get("/events/<uuid:event_id>", requires=Permission.AUDIT_EVENT_READ)
def show_event(actor: Actor, event_id: UUID) -> ResponseReturnValue:
    """Answer with one event."""
    return door.show_event(actor, event_id)
