"""Where the database is, and under which roles one signs in to it.

Two roles: the owner, who has the tables and migrates them, and the app's, which owns nothing
and bypasses nothing. Asking for an address is what starts an embedded database.
"""

import atexit
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import make_url

from app.boot.local.embedded_postgres import EmbeddedPostgres


class DatabaseAddresses(Protocol):
    """Gives out SQLAlchemy addresses; the database answers there once they are given out."""

    def for_owner(self) -> str: ...

    def for_app(self) -> str: ...


@dataclass(frozen=True, slots=True)
class GivenDatabase:
    """A PostgreSQL that somebody else runs."""

    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)

    def for_owner(self) -> str:
        return self.owner_url

    def for_app(self) -> str:
        return self.app_url


class EmbeddedDatabase:
    """The PostgreSQL that this installation runs itself.

    A command that finds it stopped starts it and stops it again at its end; what `make run`
    started stays until that ends.
    """

    def __init__(self, server: EmbeddedPostgres, secret_key: str) -> None:
        self.server = server
        self._secret_key = secret_key
        self._is_watched = False

    def for_owner(self) -> str:
        self.server.start()
        if self.server.started_by_us and not self._is_watched:
            self._is_watched = True
            atexit.register(self.server.stop)
        return self.server.url()

    def for_app(self) -> str:
        return app_role_url(self.for_owner(), self._secret_key)


def app_role_url(owner_url: str, secret_key: str) -> str:
    """Return the address under which the app signs in: the same database, a role of its own.

    The role's password follows from the secret key, so that every process of the installation
    knows it and none has to store it.
    """
    url = make_url(owner_url)
    password = hmac.new(secret_key.encode(), b"app-role-password", hashlib.sha256).hexdigest()
    role = f"{url.database}_app"
    return url.set(username=role, password=password).render_as_string(hide_password=False)


def psycopg_address(url: str) -> str:
    """Return a SQLAlchemy address as libpq writes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
