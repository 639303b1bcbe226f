"""The commands of `flask`, all in one list."""

from flask import Flask

from app.audit.cli import TENANT_SESSION, audit_cli
from app.audit.event_types.cli import event_types_cli
from app.audit.proof.cli import add_commands
from app.audit.rollups.cli import add_command
from app.boot.cli.api_keys import api_keys_cli
from app.boot.cli.components import components_cli
from app.boot.cli.database import database_cli
from app.boot.cli.demo import seed_command
from app.boot.cli.doctor import doctor_command
from app.boot.cli.reference import reference_cli
from app.boot.cli.running import up_command, worker_command
from app.boot.cli.tenant_session import tenant_session
from app.boot.cli.tenants import tenants_cli

COMMANDS = (
    api_keys_cli,
    audit_cli,
    components_cli,
    database_cli,
    doctor_command,
    event_types_cli,
    reference_cli,
    seed_command,
    tenants_cli,
    up_command,
    worker_command,
)


def install(app: Flask) -> None:
    """Register every command."""
    app.extensions[TENANT_SESSION] = tenant_session
    add_commands(audit_cli)
    add_command(audit_cli)
    for command in COMMANDS:
        app.cli.add_command(command)
