"""A program that reads the log, and events for it to find."""

import datetime as dt
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from app.kernel import clock
from app.kernel.database import unit_of_work
from app.vocabulary.permissions import Permission
from tests.factories.audit import AuditEventFactory
from tests.factories.identity import SECRET, ApiKeyFactory

EVENTS = "/api/v1/events"


@dataclass
class Reader:
    """A program with an API key of a tenant."""

    client: FlaskClient
    key: str
    key_id: str

    def get(self, place=EVENTS, *, expect=200, **parameters):
        answer = self.client.get(
            place, query_string=parameters, headers={"Authorization": f"Bearer {self.key}"}
        )
        assert answer.status_code == expect, answer.text
        return answer.get_json()

    def pages(self, **parameters):
        """Return the pages of a search, until there are no more."""
        pages, cursor = [], {}
        while cursor is not None:
            page = self.get(**parameters, **cursor)
            pages.append(page["events"])
            cursor = {"cursor": page["next"]} if page["next"] else None
        return pages


@pytest.fixture
def reader_of(app):
    """Return a program that holds a fresh key of a tenant, which may read."""

    def make(world, scope=Permission.AUDIT_EVENT_READ):
        key = world.make(ApiKeyFactory, scopes=[scope.value])
        spelled = f"ballast_{world.tenant.slug}.{key.id.hex}.{SECRET}"
        return Reader(app.test_client(), spelled, str(key.id))

    return make


@pytest.fixture
def tell():
    """Store some events of a tenant, the oldest first."""

    def store(world, count, **values):
        start = clock.now() - dt.timedelta(hours=2)
        with world.session(), unit_of_work():
            return [
                AuditEventFactory(
                    tenant_id=world.tenant.id,
                    occurred_at=start + dt.timedelta(seconds=number),
                    **values,
                )
                for number in range(count)
            ]

    return store
