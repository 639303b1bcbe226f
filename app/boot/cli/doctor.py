"""`flask doctor`: what is wrong with an installation, and what to do about it."""

import dataclasses
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from app.boot.database_addresses import EmbeddedDatabase
from app.boot.local.checks import (
    Check,
    check_data_dir,
    check_postgres_programs,
    check_python,
    check_socket_path,
)
from app.boot.local.database_checks import check_app_role, check_database
from app.boot.local.errors import LocalSetupError
from app.boot.local.seal_check import check_seal
from app.boot.settings import Settings
from app.gateway.providers import provider_of


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Check the installation; exits with 1 when something is wrong."""
    settings: Settings = current_app.config["SETTINGS"]
    checks = [*_machine(settings), *_database(settings), *_endpoints(settings)]
    checks.append(check_seal(settings.seal))
    for check in checks:
        mark = click.style("ok  ", fg="green") if check.ok else click.style("FAIL", fg="red")
        click.echo(f"{mark} {check.name}: {check.detail}")
        if not check.ok and check.mend:
            click.echo(f"     → {check.mend}")
    sys.exit(0 if all(check.ok for check in checks) else 1)


def _machine(settings: Settings) -> list[Check]:
    checks = [check_python(), check_data_dir(settings.data_dir)]
    if isinstance(settings.database, EmbeddedDatabase):
        checks += [check_postgres_programs(), check_socket_path(settings.database.server.data_dir)]
    return checks


def _database(settings: Settings) -> list[Check]:
    try:
        owner, app = settings.database.for_owner(), settings.database.for_app()
    except LocalSetupError as error:
        return [Check("Local database", ok=False, detail=str(error))]
    reachable = check_database(owner)
    if not reachable.ok:
        return [reachable]
    role = check_app_role(app)
    mend = "Run `flask db prepare`, which makes the role that the app signs in as, or mends it."
    return [reachable, role if role.ok else dataclasses.replace(role, mend=mend)]


def _endpoints(settings: Settings) -> list[Check]:
    gateway, mail = settings.gateway, settings.mail
    models = "; ".join(
        provider_of(endpoint, offer.name).label
        for endpoint in gateway.endpoints.values()
        for offer in endpoint.models
    )
    sends = f"by {mail.host}:{mail.port}" if mail.host else "stays in the outbox page"
    return [Check("Models", ok=True, detail=models), Check("Mail", ok=True, detail=sends)]
