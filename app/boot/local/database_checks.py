"""What `flask doctor` looks at in the database. Each probe answers; none raises."""

from collections.abc import Iterator

import psycopg

from app.boot.local.binaries import OLDEST_MAJOR
from app.boot.local.checks import Check

_CONNECT_SECONDS = 5
_URL_SHAPE = (
    "Check DATABASE_URL: postgresql+psycopg://user:password@host:5432/database, with special "
    "characters of the password percent-encoded."
)

# libpq gives no code for a refused connection, so its English words are what there is.
_REASONS = (
    (
        "password authentication failed",
        "the password is wrong",
        "Correct the user name or password in DATABASE_URL.",
    ),
    (
        "no password supplied",
        "the server wants a password",
        "Add the password to DATABASE_URL: postgresql+psycopg://user:password@host/database",
    ),
    (
        "no pg_hba.conf entry",
        "the server does not let this machine or user in",
        "Allow it in the server's pg_hba.conf, or connect with TLS (?sslmode=require).",
    ),
    (
        "too many",
        "the server has no connection left",
        "Close other programs that use it, or raise max_connections.",
    ),
    (
        "connection slots",
        "the server has no connection left",
        "Close other programs that use it, or raise max_connections.",
    ),
    (
        "starting up",
        "the server is still starting",
        "Wait a moment and try again.",
    ),
    (
        "could not translate host name",
        "the host name is not known",
        "Correct the host in DATABASE_URL.",
    ),
    (
        "failed to resolve host",
        "the host name is not known",
        "Correct the host in DATABASE_URL.",
    ),
    (
        "timeout",
        "the server does not answer",
        "Check the host in DATABASE_URL and any firewall on the way.",
    ),
    (
        "Connection refused",
        "no server listens there",
        "Start it, or correct host and port in DATABASE_URL. `make run` starts the local one.",
    ),
    (
        "No such file or directory",
        "no server listens there",
        "Start it, or correct the socket folder in DATABASE_URL. `make run` starts the local one.",
    ),
)

_ROLE_POWERS = """
SELECT current_user,
       bool_or(rolsuper), bool_or(rolbypassrls),
       (SELECT count(*)
          FROM pg_class AS held
          JOIN pg_namespace AS schema ON schema.oid = held.relnamespace
         WHERE held.relkind IN ('r', 'p', 'v', 'm')
           AND schema.nspname NOT LIKE 'pg\\_%'
           AND schema.nspname <> 'information_schema'
           AND pg_has_role(held.relowner, 'MEMBER'))
  FROM pg_roles
 WHERE pg_has_role(oid, 'MEMBER')
"""


def check_database(url: str) -> Check:
    """The database of this URL answers and its server is new enough."""
    name = "Database"
    try:
        with _connect(url) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        return _explain_refusal(name, str(error))
    have = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version // 10_000 < OLDEST_MAJOR:
        return Check(
            name,
            ok=False,
            detail=f"{have} is too old",
            mend=f"Point DATABASE_URL at PostgreSQL {OLDEST_MAJOR} or newer.",
        )
    return Check(name, ok=True, detail=have)


def check_app_role(url: str) -> Check:
    """The role of this URL is bound by row-level security: no bypass, nothing of its own."""
    name = "Application role"
    try:
        with _connect(url) as connection:
            row = connection.execute(_ROLE_POWERS).fetchone()
    except psycopg.Error as error:
        return _explain_refusal(name, str(error))
    if row is None:
        return Check(
            name, ok=False, detail="the role has no entry in pg_roles", mend="Recreate it."
        )
    role, *powers = row
    held = list(_describe_powers(*powers))
    if not held:
        return Check(name, ok=True, detail=f"{role} is bound by row-level security")
    return Check(
        name,
        ok=False,
        detail=f"{role}, itself or through a role it belongs to, {' and '.join(held)}",
        mend="Sign in with a role of its own: NOSUPERUSER, NOBYPASSRLS, member of no owner, "
        "with grants only. Otherwise one tenant could read another's rows.",
    )


def _describe_powers(superuser: object, bypasses: object, owned: int) -> Iterator[str]:
    if superuser:
        yield "is a superuser"
    if bypasses:
        yield "bypasses row-level security"
    if owned:
        yield f"owns {owned} tables or views"


def _connect(url: str) -> psycopg.Connection:
    """Connect with a SQLAlchemy URL; only the name of the driver in it is foreign to libpq."""
    scheme, separator, rest = url.partition("://")
    plain = f"{scheme.partition('+')[0]}{separator}{rest}"
    return psycopg.connect(plain, connect_timeout=_CONNECT_SECONDS, autocommit=True)


def _explain_refusal(name: str, error: str) -> Check:
    if "does not exist" in error:
        what = "role" if 'role "' in error else "database"
        return Check(
            name,
            ok=False,
            detail=f"the server answers, but the {what} does not exist",
            mend=f"Create the {what}, or correct its name in DATABASE_URL.",
        )
    for words, detail, mend in _REASONS:
        if words in error:
            return Check(name, ok=False, detail=detail, mend=mend)
    # Complaints about the URL itself quote pieces of it, the password perhaps among them.
    reached = "connection to server" in error
    detail = error.strip().partition("\n")[0] if reached else "the URL is not understood"
    return Check(name, ok=False, detail=detail, mend=_URL_SHAPE)
