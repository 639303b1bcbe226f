"""The commands of `flask`, all in one list."""

import importlib
from collections.abc import Mapping
from typing import Final, cast

import click
from flask import Flask
from flask.cli import AppGroup

from app.audit.cli import TENANT_SESSION
from app.boot.cli.tenant_session import tenant_session

# Where each command is. Most need what no request needs, such as migrations or the demonstration.
PLACES: Final = {
    "api-keys": "app.boot.cli.api_keys:api_keys_cli",
    "audit": "app.boot.cli.audit:audit_cli",
    "components": "app.boot.cli.components:components_cli",
    "db": "app.boot.cli.database:database_cli",
    "doctor": "app.boot.cli.doctor:doctor_command",
    "evals": "app.evals.cli:evals_cli",
    "event-types": "app.audit.event_types.cli:event_types_cli",
    "gateway": "app.gateway.cli:gateway_cli",
    "reference": "app.boot.cli.reference:reference_cli",
    "seed": "app.boot.cli.demo:seed_command",
    "summaries": "app.summaries.cli:summaries_cli",
    "tenants": "app.boot.cli.tenants:tenants_cli",
    "up": "app.boot.cli.running:up_command",
    "worker": "app.boot.cli.worker:worker_command",
}


class CommandsWhenCalled(AppGroup):
    """Commands that are imported when they are asked for ("lazily loading subcommands", Click)."""

    def __init__(self, places: Mapping[str, str]) -> None:
        super().__init__("app")
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        return sorted({*super().list_commands(ctx), *self._places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None where there is none."""
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = place.partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), attribute))


def install(app: Flask) -> None:
    """Register every command."""
    app.extensions[TENANT_SESSION] = tenant_session
    app.cli = CommandsWhenCalled(PLACES)
