"""Connecting as the owner: waiting until a server is ready, and creating the database."""

import time
from pathlib import Path

import psycopg
from psycopg import sql

from app.boot.local.cluster import OWNER
from app.boot.local.errors import LocalPostgresError
from app.boot.local.socket_folder import PORT

RECOVERY_SECONDS = 120

# What a server says while it reads its log after a crash, or while it opens.
_NOT_YET = ("starting up", "not yet accepting", "recovery")
_PAUSE_SECONDS = 0.1


def wait_until_ready(socket_folder: Path, secret: str) -> None:
    """Return when the owner can connect; a server that recovers from a crash is waited for."""
    give_up_at = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            connect(socket_folder, secret, "postgres").close()
        except psycopg.OperationalError as error:
            recovering = any(words in str(error) for words in _NOT_YET)
            if not recovering or time.monotonic() > give_up_at:
                raise LocalPostgresError(_explain(error)) from error
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def create_database_if_missing(socket_folder: Path, secret: str, name: str) -> None:
    """Create the database, owned by the owner, unless it is there."""
    with connect(socket_folder, secret, "postgres") as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def connect(socket_folder: Path, secret: str, dbname: str) -> psycopg.Connection:
    """A connection of the owner in autocommit, through the socket alone."""
    return psycopg.connect(
        host=str(socket_folder),
        port=PORT,
        user=OWNER,
        password=secret,
        dbname=dbname,
        connect_timeout=10,
        autocommit=True,
    )


def _explain(error: psycopg.OperationalError) -> str:
    if "password authentication failed" in str(error):
        return (
            f"The local PostgreSQL does not accept the password kept for {OWNER}. If its file was "
            "replaced, put the old one back; or delete the data directory to begin with an empty "
            "database."
        )
    return f"The local PostgreSQL runs but refuses its owner: {error}"
