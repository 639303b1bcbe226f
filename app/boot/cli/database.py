"""`flask db`: making the database ready, and stopping the embedded one."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.boot.database_addresses import EmbeddedDatabase
from app.boot.schema import prepare_database
from app.boot.settings import Settings

database_cli = AppGroup("db", help="The database of this installation.")


@database_cli.command("prepare")
def prepare() -> None:
    """Make or migrate the tables, and the role that the app signs in as. Safe to repeat."""
    addresses = _settings().database
    prepare_database(addresses.for_owner(), addresses.for_app())
    click.echo("The database is ready.", err=True)


@database_cli.command("stop")
def stop() -> None:
    """Stop the embedded database, also one that a killed process left running."""
    addresses = _settings().database
    if not isinstance(addresses, EmbeddedDatabase):
        raise click.ClickException("DATABASE_URL is set: that database is not ours to stop.")
    was_running = addresses.server.is_running()
    addresses.server.stop()
    click.echo("The database has stopped." if was_running else "It was not running.", err=True)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
