"""A program that sends events to the API, with a key of its own."""

import json
from uuid import uuid4

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.identity.service.api_keys import create_api_key
from app.kernel.actor import system_actor
from app.kernel.database import Scope, current_session
from app.kernel.routing import database
from app.vocabulary.permissions import Permission

EVENTS = "/api/v1/events"


def an_event(**changes):
    return {
        "id": str(uuid4()),
        "occurred_at": "2026-03-14T09:26:53Z",
        "actor": {"type": "person", "id": "u-1"},
        "action": "door.opened",
        **changes,
    }


class Sender:
    """Holds an API key of one tenant."""

    def __init__(self, app, tenant):
        self.app, self.tenant = app, tenant
        with app.app_context(), database().session(Scope(tenant_id=tenant.id)):
            key = create_api_key(
                system_actor(tenant.id, "a test"),
                name="door controller",
                scopes=(Permission.AUDIT_EVENT_CREATE,),
                lifetime_days=None,
            )
        self.key = key.text

    def post(self, body, content_type="application/json", **headers):
        if not isinstance(body, str | bytes):
            body = json.dumps(body)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client().post(
            EVENTS,
            data=body,
            content_type=content_type,
            headers={"Authorization": f"Bearer {self.key}", **given},
        )

    def stored(self, *ids):
        """Return which of the ids are in the tenant's log."""
        with self.app.app_context(), database().session(Scope(tenant_id=self.tenant.id)):
            statement = select(AuditEvent.id).where(AuditEvent.id.in_(ids))
            return set(current_session().scalars(statement))
