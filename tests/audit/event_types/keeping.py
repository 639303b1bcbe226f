"""A program that keeps event types through the API, and a person who does it through pages."""

from app.identity.service.api_keys import create_api_key
from app.kernel.actor import system_actor
from app.kernel.database import Scope
from app.kernel.routing import database
from app.vocabulary.permissions import Permission

TYPES = "/api/v1/event-types"
SCOPES = (Permission.EVENT_TYPE_CREATE, Permission.EVENT_TYPE_READ)


class Keeper:
    """Holds an API key of one tenant for its event types."""

    def __init__(self, app, tenant, scopes=SCOPES):
        self.app, self.tenant = app, tenant
        with app.app_context(), database().session(Scope(tenant_id=tenant.id)):
            key = create_api_key(
                system_actor(tenant.id, "a test"), name="types", scopes=scopes, lifetime_days=None
            )
        self.headers = {"Authorization": f"Bearer {key.text}"}

    def get(self, path=""):
        return self.app.test_client().get(TYPES + path, headers=self.headers)

    def post(self, body):
        return self.app.test_client().post(TYPES, json=body, headers=self.headers)

    def register(self, schema, action="door.opened"):
        """Register a version; it must be taken."""
        answer = self.post({"action": action, "schema": schema})
        assert answer.status_code == 201, answer.text
        return answer.get_json()
