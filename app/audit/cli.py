"""`flask audit …`: work on the audit log from the command line."""

import csv
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, cast

import click
from flask import current_app
from flask.cli import AppGroup

from app.audit.importers.mapping.asking import mapping_of_options
from app.audit.importers.mapping.mapping import MAPPED
from app.audit.importers.plan import Plan, preview, propose_plan, with_format, with_mapping
from app.audit.importers.reading.broken import FileBroken
from app.audit.importers.reading.records import Source
from app.audit.importers.registry import FORMATS
from app.audit.importers.report import ImportReport
from app.audit.ingest.importing import import_events
from app.audit.ingest.imports.mappings import find_mapping
from app.audit.ingest.imports.refusal_table import refusal_rows
from app.kernel.actor import system_actor
from app.kernel.standing import TenantFacts
from app.kernel.untrusted_text import single_line

TENANT_SESSION = "ballast.tenant_session"
INTERRUPTED = 130
SHOWN_PLACES = 5
AUTO = "auto"

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
    default=AUTO,
    show_default=True,
    type=click.Choice([AUTO, *FORMATS, MAPPED]),
    help="; ".join(f"{found.name}: {found.title}" for found in FORMATS.values())
    + f"; {MAPPED}: any other JSON or CSV, by a mapping of its fields; {AUTO}: tell by the file.",
)
@click.option("--mapping", "mapping_name", help="A mapping that was saved in the tenant.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=SOURCES",
    help="Where a field comes from, such as --map \"action='crm' + event.name\". Repeatable.",
)
@click.option("--zone", help="The time zone of times that name none, such as Europe/Berlin.")
@click.option("--preview", "is_preview", is_flag=True, help="Show the first 20; store nothing.")
@click.option(
    "--refusals",
    "refusals_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was refused, by reason and place, into this CSV file.",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(
    *,
    slug: str,
    format_name: str,
    mapping_name: str | None,
    mapped: tuple[str, ...],
    zone: str | None,
    is_preview: bool,
    refusals_file: Path | None,
    file: Path,
) -> None:
    """Import a FILE of records, packed with gzip or not, into a tenant's log.

    JSON lines, JSON lists, and tables (CSV) are told apart by themselves. Importing a file again
    adds nothing: what is in the log already counts as a duplicate. Exits with 1 when not one
    record could be read.
    """
    session = cast("TenantSession", current_app.extensions[TENANT_SESSION])
    with session(slug) as tenant:
        plan = _plan(file, format_name, mapping_name, mapped, zone)
        if is_preview:
            _show_preview(file, plan)
            return
        report = _import(tenant, file, plan)
    _show_report(report, plan, tenant.slug)
    if refusals_file is not None:
        _write_refusals(report, refusals_file)
    if report.read == 0:
        raise SystemExit(1)


def _plan(
    file: Path,
    format_name: str,
    mapping_name: str | None,
    mapped: tuple[str, ...],
    zone: str | None,
) -> Plan:
    try:
        plan = propose_plan(Source.of_file(file), file.name.partition(".")[0])
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None
    except FileBroken as broken:
        raise click.ClickException(f"{file} cannot be read: {broken.reason}.") from None
    if mapping_name is not None:
        saved = find_mapping(mapping_name)
        if saved is None:
            raise click.ClickException(f"No mapping called {mapping_name} is saved in the tenant.")
        plan = with_mapping(plan, saved)
    if mapped or zone:
        try:
            plan = with_mapping(plan, mapping_of_options(plan.mapping, mapped, zone))
        except ValueError as error:
            raise click.ClickException(str(error)) from None
    return plan if format_name == AUTO else with_format(plan, format_name)


def _import(tenant: TenantFacts, file: Path, plan: Plan) -> ImportReport:
    actor = system_actor(tenant.id, "flask audit import")
    click.echo(f"Reading {plan.title}: {plan.layout.words}.", err=True)
    try:
        return import_events(actor, file, plan, _show_progress)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None
    except KeyboardInterrupt:
        click.echo("\nInterrupted. Start the same command again to continue.", err=True)
        raise SystemExit(INTERRUPTED) from None


def _show_preview(file: Path, plan: Plan) -> None:
    click.echo(f"{plan.title}; {plan.layout.words}.")
    if plan.format_name == MAPPED:
        for name, sources in plan.mapping.fields.items():
            click.echo(f'  --map "{name}={sources}"')
    for one in preview(Source.of_file(file), plan):
        place = f"{plan.layout.kind.unit} {one.number}:"
        if one.draft is None:
            click.echo(f"{place} refused: {single_line(one.refused or '')}")
            continue
        draft = one.draft
        target = f" → {draft.targets[0].name}" if draft.targets else ""
        said = f"{draft.occurred_at:%Y-%m-%d %H:%M:%S} {draft.actor.name} {draft.action}{target}"
        click.echo(f"{place} {single_line(said)} ({draft.outcome.value})")


def _show_progress(report: ImportReport) -> None:
    line = f"{report.read + report.refused:,} records, {report.stored:,} stored"
    on_terminal = sys.stderr.isatty()
    click.echo(f"\r{line}" if on_terminal else line, err=True, nl=not on_terminal)


def _show_report(report: ImportReport, plan: Plan, tenant: str) -> None:
    if sys.stderr.isatty():
        click.echo(err=True)
    click.echo(
        f"{report.read:,} records read for {tenant}: {report.stored:,} stored,"
        f" {report.duplicates:,} with an id that the log has already. {report.refused:,} refused."
    )
    for reason, refusals in report.by_count():
        places = ", ".join(map(str, refusals.places[:SHOWN_PLACES]))
        more = ", …" if refusals.count > SHOWN_PLACES else ""
        unit = plan.layout.kind.unit
        click.echo(f"  {refusals.count:,} × {single_line(reason)} ({unit} {places}{more})")


def _write_refusals(report: ImportReport, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(refusal_rows(report))
