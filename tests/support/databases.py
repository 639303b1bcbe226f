"""A real PostgreSQL for the tests: one server a checkout, one fresh database a test process.

Several test runs may share the server: each process owns the database that carries its process
id, a new run drops those of processes that are gone, and the last one stops the server.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL

from app.boot.database_addresses import GivenDatabase, app_role_url
from app.boot.local.embedded_postgres import EmbeddedPostgres
from app.boot.schema import prepare_database

ROOT = Path(__file__).parents[2]
SECRET = "a secret of the tests, which guards nothing at all"
PREFIX = "ballast_test_"
FOLDER = ROOT / ".data"


class ServerLease:
    """The use of the shared server by one test run, held as a lock on a file.

    Runs share the lock; whoever finds at the end that nobody shares it any more stops the
    server, and a run that begins just then waits until it is stopped and starts it again.
    """

    def __init__(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._file = (FOLDER / "users.lock").open("w")

    def take(self) -> None:
        """Bring the server up and drop what runs that were killed left behind."""
        fcntl.flock(self._file, fcntl.LOCK_SH)
        if _given() is None:
            _server().start()
        with _maintenance() as connection:
            for name in _databases(connection):
                if not Path(f"/proc/{name.removeprefix(PREFIX)}").exists():
                    _drop(connection, name)

    def give_back(self) -> None:
        """Stop the server unless another run still uses it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _given() is None:
                _server().stop()
        except BlockingIOError:
            pass
        finally:
            self._file.close()


def fresh_database() -> GivenDatabase:
    """Make an empty, migrated database for this process; return its addresses."""
    owner = _base().set(database=f"{PREFIX}{os.getpid()}")
    owner_url = owner.render_as_string(hide_password=False)
    addresses = GivenDatabase(owner_url, app_role_url(owner_url, SECRET))
    prepare_database(addresses.for_owner(), addresses.for_app())
    return addresses


def drop_database() -> None:
    """Drop the database of this process, and its role."""
    with _maintenance() as connection:
        _drop(connection, f"{PREFIX}{os.getpid()}")


def _given() -> str | None:
    return os.environ.get("BALLAST_TEST_DATABASE_URL")


def _server() -> EmbeddedPostgres:
    # Without safety at power cuts it is several times faster, and there is nothing to lose.
    return EmbeddedPostgres.at(FOLDER / "test-postgres", durable=False)


def _base() -> URL:
    return make_url(_given() or _server().url())


@contextmanager
def _maintenance() -> Iterator[Connection]:
    engine = create_engine(_base().set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _databases(connection: Connection) -> list[str]:
    statement = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
    return list(connection.scalars(statement, {"prefix": PREFIX}))


def _drop(connection: Connection, name: str) -> None:
    connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    connection.execute(text(f"DROP ROLE IF EXISTS {name}_app"))
