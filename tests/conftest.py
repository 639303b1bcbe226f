"""Fixtures of all tests: the app on a real database, and two tenants."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import procrastinate
import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import Connection, create_engine, event, text

from app import create_app
from app.audit.exports.settings import ExportSettings
from app.audit.proof.settings import SealSettings
from app.boot.database_addresses import psycopg_address
from app.boot.settings import Settings
from app.gateway.settings import GatewaySettings
from app.kernel.database import unit_of_work
from app.kernel.jobs import make_queue
from app.kernel.mail import MAIL, MailSettings
from app.kernel.routing import DATABASE, database
from tests.fakes.mail_server import PostOffice, open_post_office
from tests.support.browser import Visitor
from tests.support.chromium import open_chromium
from tests.support.databases import (
    SECRET,
    ServerLease,
    drop_database,
    fresh_database,
)
from tests.support.worlds import World, make_world

LEASE = pytest.StashKey[ServerLease]()
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server once, before any test process asks for a database."""
    if not hasattr(session.config, "workerinput"):
        lease = session.config.stash[LEASE] = ServerLease()
        lease.take()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server when the last test process is done."""
    if LEASE in session.config.stash:
        session.config.stash[LEASE].give_back()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    data_dir = tmp_path_factory.mktemp("data")
    yield Settings(
        data_dir=data_dir,
        database=fresh_database(),
        secret_key=SECRET,
        gateway=GatewaySettings(),
        mail=MailSettings(None, 587, None, None, "ballast@localhost"),
        seal=SealSettings("ballast.example", data_dir / "seal-keys", makes_key=True),
        exports=ExportSettings(data_dir / "exports"),
        quick_passwords=True,
    )
    drop_database()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    yield app
    app.extensions[DATABASE].engine.dispose()


@pytest.fixture
def database_owner(settings: Settings) -> Iterator[Connection]:
    """The database as its owner sees it, who may do what the app may not."""
    engine = create_engine(settings.database.for_owner())
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def remove(database_owner: Connection) -> Callable[..., None]:
    """Take events out of the table, as its owner."""

    def remove_events(*ids: UUID) -> None:
        database_owner.execute(
            text("DELETE FROM audit_events WHERE id = ANY(:ids)"), {"ids": list(ids)}
        )
        database_owner.commit()

    return remove_events


@pytest.fixture
def worlds(app: Flask) -> tuple[World, World]:
    """Two tenants: whatever a test does in one, the other is there to stay untouched.

    What other tests have queued and not run is forgotten, so that a worker has only this one's.
    """
    with app.app_context(), database().session(), unit_of_work() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
    return make_world(app, "Alder"), make_world(app, "Birch")


@pytest.fixture
def alder(worlds: tuple[World, World]) -> World:
    return worlds[0]


@pytest.fixture
def birch(worlds: tuple[World, World]) -> World:
    return worlds[1]


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def run_jobs(app: Flask, settings: Settings) -> Callable[[], None]:
    """Run what is queued, in a real worker, until nothing is left."""

    def run() -> None:
        address = psycopg_address(settings.database.for_app())
        connector = procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=2)
        # In a thread of its own: where a browser is open, Playwright's loop runs in this one.
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(
                make_queue(connector, app).run_worker,
                wait=False,
                listen_notify=False,
                install_signal_handlers=False,
            ).result()

    return run


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the process: Playwright runs once in it, whichever tests want it."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def post_office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A real mail server, which the app is set up to use."""
    with open_post_office() as server:
        host, port = server.server_address
        mail = MailSettings(str(host), port, None, None, "ballast@alder.example")
        monkeypatch.setitem(app.extensions, MAIL, mail)
        yield server


@pytest.fixture
def count_statements(app: Flask):
    """Collect the statements that reach the database inside a block."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            statements.append(statement)

        engine = app.extensions[DATABASE].engine
        event.listen(engine, "before_cursor_execute", note)
        yield statements
        event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Public data that is not part of the project; tests on it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the public data files are not on this machine")
    return SHARED_DATA
