"""The API's doors into the audit log."""

from flask.typing import ResponseReturnValue

from app.audit.ingest.door import take_events
from app.kernel.actor import Actor
from app.kernel.routing import ApiDoors
from app.vocabulary.permissions import Permission

api = ApiDoors("api", __name__)


@api.post("/events", requires=Permission.AUDIT_EVENT_CREATE)
def create_events(actor: Actor) -> ResponseReturnValue:
    """Take one event, a JSON list of events, or one event a line."""
    return take_events(actor)
