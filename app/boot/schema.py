"""Making a database ready: the app's role, the migrations, and what the role may do."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL

from app.boot import models
from app.kernel.tenant_wall import TenantScoped

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "migrations"

_APPEND_ONLY = tuple(
    model.__tablename__
    for model in models.ALL
    if issubclass(model, TenantScoped) and getattr(model, "append_only", False)
)

# What the app may do with events beside adding and reading them (see app.audit.removal.doors).
_DOORS = ("audit_delete_events(bigint[], uuid)", "audit_erase_events(uuid, json)")


def prepare_database(owner_url: str, app_url: str) -> None:
    """Bring a database to the newest schema and let the app's role use it. Safe to repeat.

    `owner_url` signs in as a role that may create tables and roles. Makes the database when
    the server has none of that name. Raises SQLAlchemy's `OperationalError` when it cannot.
    """
    owner, app = make_url(owner_url), make_url(app_url)
    _make_database(owner)
    engine = create_engine(owner)
    try:
        with engine.begin() as connection:
            # One at a time: two processes that start together must not both migrate.
            connection.execute(text("SELECT pg_advisory_xact_lock(736251)"))
            if owner.username != app.username:
                _make_role(connection, app)
            command.upgrade(alembic_config(connection), "head")
            if owner.username != app.username:
                _grant(connection, str(app.username))
            _demand_powerless(connection, str(app.username))
    finally:
        engine.dispose()


class PowerfulRoleError(click.ClickException):
    """The role that the app signs in as could walk through the walls between tenants."""


def _demand_powerless(connection: Connection, role: str) -> None:
    powers = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = :role")
    if connection.scalar(powers, {"role": role}):
        raise PowerfulRoleError(
            f"The app would sign in as {role}, which bypasses row-level security. Set DATABASE_URL"
            " to a plain role, or leave out BALLAST_OWNER_DATABASE_URL and one is made."
        )


def alembic_config(connection: Connection) -> Config:
    """Return the configuration of Alembic for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _make_database(owner: URL) -> None:
    engine = create_engine(owner.set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            there = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.scalar(there, {"name": owner.database}) is None:
                connection.execute(text(f"CREATE DATABASE {_name(connection, owner.database)}"))
    finally:
        engine.dispose()


def _make_role(connection: Connection, app: URL) -> None:
    """Make the role that the app signs in as: it owns nothing and bypasses nothing."""
    role = _name(connection, app.username)
    known = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
    if connection.scalar(known, {"name": app.username}) is None:
        connection.execute(text(f"CREATE ROLE {role}"))
    # Role statements take no parameters, so the server itself writes the literal.
    literal = connection.scalar(text("SELECT quote_literal(:word)"), {"word": str(app.password)})
    connection.execute(
        text(
            f"ALTER ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
            f" PASSWORD {literal}"
        )
    )


def _grant(connection: Connection, role_name: str) -> None:
    role = _name(connection, role_name)
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE ALL ON alembic_version FROM {role}",
        f"GRANT SELECT ON alembic_version TO {role}",
    ]
    # What only grows can be neither changed nor emptied by the app, whatever its code does.
    statements += [
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}" for table in _APPEND_ONLY
    ]
    # A view works with its owner's rights: through one that can be written, anything could be.
    statements += [
        f"REVOKE INSERT, UPDATE, DELETE ON {view} FROM {role}" for view in _views(connection)
    ]
    # Runs of deleted leaves are written by the function that deletes, and by nothing else.
    statements.append(f"REVOKE INSERT ON audit_deleted_runs FROM {role}")
    statements += [f"GRANT EXECUTE ON FUNCTION {function} TO {role}" for function in _DOORS]
    for statement in statements:
        connection.execute(text(statement))


def _views(connection: Connection) -> list[str]:
    statement = text("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
    return [_name(connection, name) for name in connection.scalars(statement)]


def _name(connection: Connection, name: str | None) -> str:
    quoted: str = connection.dialect.identifier_preparer.quote_identifier(name or "")
    return quoted
