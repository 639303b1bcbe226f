"""The database: one engine, sessions that carry their scope, one current session.

Both walls between tenants start here. PostgreSQL's row-level security reads the settings that
each transaction sets from its session's scope; and a statement over a tenant's table without a
tenant in scope is refused before it leaves the process (see `tenant_wall`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import MetaData, create_engine, event, make_url
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

STATEMENT_TIMEOUT = "15s"
# A connection that lay idle for longer is asked whether it is alive before it is used. One that
# was used just now is not: that would be a round trip more for every request.
IDLE_S = 1.0

# The settings are local to the transaction, so that a pooled connection, or a pooler between
# us and PostgreSQL, can never carry one tenant's scope into another's transaction.
_ENTER_SCOPE = (
    "SELECT set_config('app.tenant_id', %(tenant)s, true),"
    " set_config('app.account_id', %(account)s, true),"
    " set_config('statement_timeout', %(timeout)s, true),"
    # Whoever stops reading an export in the middle must not keep its connection for ever.
    " set_config('idle_in_transaction_session_timeout', '60s', true)"
)

_current: ContextVar[Session | None] = ContextVar("ballast_session", default=None)


class Base(DeclarativeBase):
    """The base of all mapped classes; its naming rule makes constraint names predictable."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a session may see: one tenant's, or one account's own memberships, or neither."""

    tenant_id: UUID | None = None
    account_id: UUID | None = None


NO_SCOPE = Scope()


class Database:
    """The connection pool of this process.

    `address` is asked when the first connection is made, not before: building the app, or
    asking a command for its help, needs no database.
    """

    def __init__(self, address: Callable[[], str]) -> None:
        # Server-side prepared statements turn into generic plans after five runs, which makes
        # filtered searches slower, and they do not survive a transaction-mode pooler.
        # Network addresses come back as text, which is what the mapped classes promise.
        self.engine = create_engine(
            "postgresql+psycopg://",
            # A failed statement is logged; what it was about to store is nobody's business.
            hide_parameters=True,
            connect_args={"prepare_threshold": None},
            native_inet_types=False,
        )

        @event.listens_for(self.engine, "do_connect")
        def fill_in(
            dialect: Dialect, _record: object, _arguments: object, parameters: dict[str, Any]
        ) -> None:
            parameters.update(dialect.create_connect_args(make_url(address()))[1])

        @event.listens_for(self.engine, "checkin")
        def note(_connection: object, record: ConnectionPoolEntry) -> None:
            record.info["left_at"] = time.monotonic()

        @event.listens_for(self.engine, "checkout")
        def ask_whether_alive(
            connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
        ) -> None:
            left_at = record.info.get("left_at")
            if left_at is None or time.monotonic() - left_at < IDLE_S:
                return
            try:
                self.engine.dialect.do_ping(connection)
            except psycopg.Error as error:
                raise InvalidatePoolError from error

        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def session(self, scope: Scope = NO_SCOPE) -> Iterator[Session]:
        """Open a session in a scope and make it the current one; close it at the end.

        Nothing is committed here: only `unit_of_work` commits.
        """
        with self._sessions(info={"scope": scope}) as session:
            token = _current.set(session)
            try:
                yield session
            finally:
                _current.reset(token)


def current_session() -> Session:
    """Return the session of the request, job or command line call that is running."""
    session = _current.get()
    if session is None:
        raise RuntimeError("No session is open here: open one with Database.session(scope).")
    return session


def has_session() -> bool:
    """Say whether a session is open here; the page of an error may come after it was closed."""
    return _current.get() is not None


def scope_of(session: Session) -> Scope:
    """Return whose rows the session may see."""
    scope: Scope = session.info.get("scope", NO_SCOPE)
    return scope


def enter_scope(session: Session, scope: Scope) -> None:
    """Move the session into another scope, also within a transaction that is already open."""
    session.info["scope"] = scope
    if session.in_transaction():
        _announce_scope(session.connection(), scope)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Run a block on the current session and commit all of it, or nothing.

    The command wrapper calls this; besides it only bookkeeping that is no act of anybody
    (rate limits, the call ledger, a job's progress). A unit inside a unit is a mistake: the
    inner one would commit half of the outer one's work.
    """
    session = current_session()
    if session.info.get("in_unit_of_work"):
        raise RuntimeError("A unit of work is already open; commands do not call commands.")
    session.info["in_unit_of_work"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["in_unit_of_work"] = False


@event.listens_for(Session, "after_begin")
def _set_scope(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    _announce_scope(connection, scope_of(session))


def _announce_scope(connection: Connection, scope: Scope) -> None:
    parameters: dict[str, Any] = {
        "tenant": str(scope.tenant_id or ""),
        "account": str(scope.account_id or ""),
        "timeout": STATEMENT_TIMEOUT,
    }
    # Straight to the driver: it is said several times a request.
    connection.exec_driver_sql(_ENTER_SCOPE, parameters)
