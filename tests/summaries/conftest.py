"""A log with something to tell in it, and summaries of it in every state."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import select

from app.gateway.gateway import GATEWAY
from app.gateway.settings import GatewaySettings
from app.kernel import clock
from app.kernel.database import unit_of_work
from app.summaries.models import Summary, SummaryClaim
from tests.factories.audit import AuditEventFactory
from tests.fakes.model_server import ModelServer
from tests.summaries.packs import download, seal

STORY = "created:24h -action:session.ended -action:summary"


def tell_story(world):
    """Put a day into the tenant's log: work as usual, and a sign-in that somebody guessed."""
    now = clock.now() - timedelta(hours=2)
    with world.session(), unit_of_work():

        def add(seconds, **values):
            moment = now + timedelta(seconds=seconds)
            AuditEventFactory(tenant_id=world.tenant.id, occurred_at=moment, **values)

        for number in range(60):
            add(number * 30, target_id="d-1", target_name="Plan")
        tomas = {"actor_id": "u-tomas", "actor_name": "Tomas Ek", "source_ip": "198.51.100.7"}
        session = {"target_type": "session", "target_id": "s-1", "target_name": "session"}
        for seconds in (3_000, 3_008, 3_015):
            add(seconds, action="session.started", outcome="failure", **tomas, **session)
        add(3_029, action="session.started", **tomas, **session)
        add(3_060, action="member.invited", outcome="denied", **tomas, target_name="Ana Ruiz")


def asking_path(world, query):
    """The address of the page that asks for a summary of what a query finds."""
    return f"{world.path}/summaries/new?{urlencode({'q': query})}"


@dataclass
class Asked:
    """A summary that somebody asked for through HTTP, and how to look at it."""

    world: object
    id: UUID

    @property
    def path(self):
        return f"{self.world.path}/summaries/{self.id}"

    @property
    def row(self):
        with self.world.session() as session:
            return session.scalar(select(Summary).where(Summary.id == self.id))

    @property
    def claims(self):
        with self.world.session() as session:
            statement = select(SummaryClaim).where(SummaryClaim.summary_id == self.id)
            return list(session.scalars(statement.order_by(SummaryClaim.number)))

    @contextmanager
    def changed_in_database(self):
        """Change rows past the app's commands, in its role and its tenant."""
        with self.world.session() as session, unit_of_work():
            yield session


@pytest.fixture
def ask(alder):
    """Ask for a summary as an analyst does: from the audit log, with its filter."""
    tell_story(alder)

    def asking(query=STORY, role="analyst", world=alder, question=""):
        visitor = world.as_person(role)
        answer = {"question": question, "csrf_token": visitor.token()}
        page = visitor.post(asking_path(world, query), answer)
        with world.session() as session:
            newest = select(Summary.id).order_by(Summary.requested_at.desc()).limit(1)
            return Asked(world, session.scalar(newest)), page, visitor

    return asking


@pytest.fixture
def drafted(ask, run_jobs):
    """A draft in review, asked for by the analyst."""
    asked, _, _ = ask()
    run_jobs()
    assert asked.row.status == "in_review", asked.row.failure_detail
    return asked


@pytest.fixture
def signed(drafted):
    """A summary that support has signed, and that is sealed."""
    support = drafted.world.as_person("support")
    page = support.submit(support.get(drafted.path), "Approve")
    assert "Approved by" in page.words
    seal(drafted)
    return drafted


@pytest.fixture
def pack(signed, tmp_path):
    """The file that an auditor has downloaded."""
    path = tmp_path / "pack.zip"
    path.write_bytes(download(signed).data)
    return path


@pytest.fixture
def model(app, monkeypatch):
    """Let a scripted server answer instead of the built-in provider."""
    servers = []

    def answering(*script, deadline_s=20.0):
        server = ModelServer(*script).__enter__()
        servers.append(server)
        settings = GatewaySettings(server.base_url, "a-key", "scripted", deadline_s)
        monkeypatch.setitem(app.extensions, GATEWAY, settings)
        return server

    yield answering
    for server in servers:
        server.__exit__(None, None, None)
