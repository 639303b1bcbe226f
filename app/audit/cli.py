"""`flask audit …`: work on the audit log from the command line."""

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, cast

import click
from flask import current_app
from flask.cli import AppGroup

from app.audit.importers.registry import FORMATS
from app.audit.ingest.importing import ImportReport, import_events
from app.kernel.actor import system_actor
from app.kernel.standing import TenantFacts
from app.kernel.untrusted_text import single_line

TENANT_SESSION = "ballast.tenant_session"
INTERRUPTED = 130

audit_cli = AppGroup("audit", help="The audit log.")


class TenantSession(Protocol):
    """Opens a session in the scope of the tenant of that name, for a command of `flask`.

    Raises `ClickException`, naming the tenants there are, when it is unknown. Tenants are known
    further up, so boot implements and registers it.
    """

    def __call__(self, slug: str) -> AbstractContextManager[TenantFacts]: ...


@audit_cli.command("import")
@click.option("--tenant", "slug", required=True, help="The tenant's name in addresses.")
@click.option(
    "--format",
    "format_name",
    required=True,
    type=click.Choice(list(FORMATS)),
    help="; ".join(f"{found.name}: {found.meaning}" for found in FORMATS.values()),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(slug: str, format_name: str, file: Path) -> None:
    """Import a FILE of records, packed with gzip or not, into a tenant's log.

    Importing a file again adds nothing: what is in the log already counts as a duplicate.
    Exits with 1 when not one record could be read.
    """
    session = cast("TenantSession", current_app.extensions[TENANT_SESSION])
    with session(slug) as tenant:
        actor = system_actor(tenant.id, "flask audit import")
        try:
            report = import_events(actor, file, FORMATS[format_name], _show_progress)
        except OSError as error:
            raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None
        except KeyboardInterrupt:
            click.echo("\nInterrupted. Start the same command again to continue.", err=True)
            raise SystemExit(INTERRUPTED) from None
    _show_report(report, tenant.slug)
    if report.read == 0:
        raise SystemExit(1)


def _show_progress(report: ImportReport) -> None:
    line = f"{report.read + report.refused:,} records, {report.stored:,} stored"
    on_terminal = sys.stderr.isatty()
    click.echo(f"\r{line}" if on_terminal else line, err=True, nl=not on_terminal)


def _show_report(report: ImportReport, tenant: str) -> None:
    if sys.stderr.isatty():
        click.echo(err=True)
    click.echo(
        f"{report.read:,} records read for {tenant}: {report.stored:,} stored,"
        f" {report.duplicates:,} with an id that the log has already. {report.refused:,} refused."
    )
    for reason, refusals in sorted(report.refusals.items(), key=lambda item: -item[1].count):
        places = ", ".join(map(str, refusals.places))
        more = ", …" if refusals.count > len(refusals.places) else ""
        click.echo(f"  {refusals.count:,} × {single_line(reason)} ({report.unit} {places}{more})")
