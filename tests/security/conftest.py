"""What attacks share: programs with a key, and links out of mails."""

import json
import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel.mail import OutboxMessage
from tests.factories.identity import SECRET, ApiKeyFactory


@dataclass
class Program:
    """Somebody who sends events with a key of a tenant."""

    client: FlaskClient
    key: str
    key_id: str

    def send(self, event, **headers):
        return self.client.post(
            "/api/v1/events",
            data=json.dumps(event),
            headers={"Authorization": f"Bearer {self.key}", **headers},
            content_type="application/json",
        )


@pytest.fixture
def program_of(app):
    """Return a program that holds a fresh key of a tenant."""

    def make(world, **values):
        key = world.make(ApiKeyFactory, **values)
        spelled = f"ballast_{world.tenant.slug}.{key.id.hex}.{SECRET}"
        return Program(app.test_client(), spelled, str(key.id))

    return make


@pytest.fixture
def invite():
    """Invite somebody as a person of a tenant; return the path of the link in the mail."""

    def send(world, by, email, role="analyst"):
        page = by.get(f"{world.path}/people/invitations/new")
        by.submit(page, "Send invitation", email=email, role=role)
        return link_path(world, email)

    return send


def newest_mail(world, email):
    """Return the newest mail to an address."""
    with world.session() as session:
        statement = select(OutboxMessage).where(OutboxMessage.recipient == email)
        return session.scalars(statement.order_by(OutboxMessage.id.desc())).first()


def link_path(world, email):
    """Return the path of the invitation in the newest mail to an address."""
    return re.findall(r"/invitations/\S+", newest_mail(world, email).body)[-1]
