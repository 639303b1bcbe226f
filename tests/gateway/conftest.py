"""A caller in a tenant, and the gateway set to servers of the test's own."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from app.gateway.choices.policy import Choice, ModelPolicy
from app.gateway.choices.service import update_policy
from app.gateway.endpoints.config import EndpointConfig, ModelOffer
from app.gateway.extractive.transport import EXTRACTIVE_MODEL
from app.gateway.gateway import GATEWAY, complete
from app.gateway.models import ModelAnswer, ModelCall
from app.gateway.settings import GatewaySettings
from app.kernel.actor import system_actor
from app.kernel.database import Scope, unit_of_work
from app.kernel.ids import uuid7
from app.kernel.routing import DATABASE
from app.summaries.claims.contract import PROMPT, answer_schema
from tests.gateway.digests import USUAL

KEY = "a-key-that-nobody-may-see"
BUILT_IN = Choice("extractive", EXTRACTIVE_MODEL)


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

    def complete_here(self, call_id=None, digest=USUAL, prompt=PROMPT, **parts):
        """Make the call in the session that is open already."""
        return complete(
            self.actor,
            purpose=parts.pop("purpose", "summary"),
            prompt=prompt,
            content=digest.as_json(),
            schema=answer_schema(digest),
            call_id=call_id or uuid7(),
            **parts,
        )

    def run(self, command, *arguments, **named):
        """Run a command of the tenant."""
        with self.app.test_request_context("/"), self.session():
            return command(self.actor, *arguments, **named)

    def choose(self, first, *fallbacks, calls_per_minute=60):
        self.run(update_policy, ModelPolicy(first, fallbacks, calls_per_minute))

    def row(self, call_id):
        with self.session() as session:
            return session.scalars(select(ModelCall).where(ModelCall.id == call_id)).one()

    def words(self, call_id):
        with self.session() as session:
            return session.scalars(select(ModelAnswer).where(ModelAnswer.call_id == call_id)).one()


@pytest.fixture
def caller(app, alder):
    return Caller(app, alder.tenant.id)


@pytest.fixture
def caller_elsewhere(app, birch):
    return Caller(app, birch.tenant.id)


@pytest.fixture(autouse=True)
def every_endpoint_is_well(app):
    """Breakers, probes and stops are the installation's: what a test did to them is undone."""
    yield
    with app.app_context(), app.extensions[DATABASE].session() as session, unit_of_work():
        for table in ("model_breakers", "model_probes", "model_stops"):
            session.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
def use(app, monkeypatch):
    """Set the gateway to a model server, for the rest of the test."""

    def point_at(server, deadline_s=20.0):
        settings = GatewaySettings(server.base_url, "a-key", "scripted", deadline_s)
        monkeypatch.setitem(app.extensions, GATEWAY, settings)
        return server

    return point_at


@pytest.fixture
def endpoints(app, monkeypatch):
    """Set up endpoints by name, each with one model called `scripted` at a known price."""

    def offer(deadline_s=20.0, price=(1_000_000, 2_000_000), **servers):
        named = tuple(
            EndpointConfig(name, server.base_url, (ModelOffer("scripted", *price),), KEY)
            for name, server in servers.items()
        )
        settings = GatewaySettings(deadline_s=deadline_s, named=named, breaker_failures=3)
        monkeypatch.setitem(app.extensions, GATEWAY, settings)
        return settings

    return offer
