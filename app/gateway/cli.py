"""`flask gateway`: the operator's side of calls to models."""

import getpass

import click
from flask.cli import AppGroup

from app.gateway.endpoints.breaker import BreakerState, BreakerStatus, list_breakers
from app.gateway.endpoints.models import ModelProbe
from app.gateway.endpoints.probing import list_probes, models_of, probe
from app.gateway.endpoints.stops import find_global_stop, start_everywhere, stop_everywhere
from app.gateway.gateway import gateway_settings
from app.gateway.providers import provider_of
from app.kernel.routing import database
from app.kernel.times import iso

MAX_REASON = 500

gateway_cli = AppGroup("gateway", help="Calls to models: stop, start, status, probe.")


@gateway_cli.command("stop")
@click.option("--reason", required=True, help="Shown to every tenant.")
def stop(reason: str) -> None:
    """Let nothing more go to any model, of any tenant, from the next try on."""
    if not reason.strip() or len(reason) > MAX_REASON:
        raise click.BadParameter(f"Say why, in at most {MAX_REASON} characters.")
    with database().session():
        if not stop_everywhere(reason.strip(), _operator()):
            raise click.ClickException("Calls to models are stopped already.")
    click.echo("Stopped. What is being asked right now is the last; nothing follows it.", err=True)


@gateway_cli.command("start")
def start() -> None:
    """End the stop; tenants that stopped calls themselves stay stopped."""
    with database().session():
        if not start_everywhere(_operator()):
            raise click.ClickException("Calls to models are not stopped.")
    click.echo("Started.", err=True)


@gateway_cli.command("status")
def status() -> None:
    """Say whether calls are stopped, and how each endpoint is doing."""
    with database().session():
        stopped, breakers, probes = find_global_stop(), list_breakers(), list_probes()
    if stopped is None:
        click.echo("Calls to models: allowed")
    else:
        since = f"{iso(stopped.stopped_at)} by {stopped.stopped_by}"
        click.echo(f"Calls to models: STOPPED since {since}: {stopped.reason}")
    for endpoint, offer in models_of(gateway_settings()):
        address = provider_of(endpoint, offer.name).endpoint
        breaker = breakers.get(address, BreakerStatus(BreakerState.CLOSED))
        known = probe_words(probes.get((endpoint.name, offer.name)))
        click.echo(f"{endpoint.name}: {offer.name}  breaker {breaker.state.value}  {known}")


@gateway_cli.command("probe")
@click.argument("name", required=False)
def probe_command(name: str | None) -> None:
    """Ask models whether their endpoint enforces schemas: all, or those of one endpoint."""
    wanted = [(e, o) for e, o in models_of(gateway_settings()) if name in (None, e.name)]
    if not wanted:
        raise click.ClickException(
            f"There is no endpoint called {name}." if name else "There is no endpoint to ask."
        )
    with database().session():
        if find_global_stop() is not None:
            raise click.ClickException("Calls to models are stopped; nothing was asked.")
        for endpoint, offer in wanted:
            click.echo(f"{endpoint.name}: {offer.name}  {probe_words(probe(endpoint, offer))}")


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that nobody has a name for.
        return "the operator"


def probe_words(found: ModelProbe | None) -> str:
    """Return what a probe told, in a few words."""
    if found is None:
        return "not probed yet"
    if found.enforces_schema is None:
        return f"not known ({found.note})"
    return "enforces schemas" if found.enforces_schema else "does not enforce schemas"
