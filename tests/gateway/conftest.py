"""A caller in a tenant, and the gateway set to a server of the test's own."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from app.gateway.gateway import GATEWAY, complete
from app.gateway.settings import GatewaySettings
from app.kernel.actor import system_actor
from app.kernel.database import Scope
from app.kernel.ids import uuid7
from app.kernel.routing import DATABASE
from app.summaries.contract import PROMPT, answer_schema
from tests.gateway.digests import USUAL


@dataclass
class Caller:
    """Somebody in a tenant who makes calls, each in an app context and a session of its own."""

    app: object
    tenant_id: object

    @property
    def actor(self):
        return system_actor(self.tenant_id, "drafter")

    @contextmanager
    def session(self):
        scope = Scope(tenant_id=self.tenant_id)
        with self.app.app_context(), self.app.extensions[DATABASE].session(scope) as session:
            yield session

    def complete(self, call_id=None, **parts):
        with self.session():
            return self.complete_here(call_id, **parts)

    def complete_here(self, call_id=None, digest=USUAL, prompt=PROMPT):
        """Make the call in the session that is open already."""
        return complete(
            self.actor,
            purpose="summary",
            prompt=prompt,
            content=digest.as_json(),
            schema=answer_schema(digest),
            call_id=call_id or uuid7(),
        )


@pytest.fixture
def caller(app, alder):
    return Caller(app, alder.tenant.id)


@pytest.fixture
def caller_elsewhere(app, birch):
    return Caller(app, birch.tenant.id)


@pytest.fixture
def use(app, monkeypatch):
    """Set the gateway to a model server, for the rest of the test."""

    def point_at(server, deadline_s=20.0):
        settings = GatewaySettings(server.base_url, "a-key", "scripted", deadline_s)
        monkeypatch.setitem(app.extensions, GATEWAY, settings)
        return server

    return point_at
