"""`flask summaries`: the evidence of signed summaries, made and checked."""

import sys
from pathlib import Path
from typing import cast
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from app.audit.cli import TENANT_SESSION, TenantSession
from app.audit.proof.verifier.program import CANNOT_READ, question
from app.audit.proof.verifier.report import Unreadable
from app.kernel import clock
from app.kernel.actor import system_actor
from app.kernel.problems import NotFound, Problem
from app.summaries.packs.checking import check_evidence
from app.summaries.packs.exporting import export_evidence

summaries_cli = AppGroup("summaries", help="Evidence of signed summaries: pack, verify.")


@summaries_cli.command("pack")
@click.option("--tenant", "slug", required=True, help="The tenant's name in addresses.")
@click.argument("summary_id", type=click.UUID)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def pack(slug: str, summary_id: UUID, file: Path) -> None:
    """Write the evidence pack of a signed summary into a FILE; a slice may be of any size."""
    with cast("TenantSession", current_app.extensions[TENANT_SESSION])(slug) as tenant:
        actor = system_actor(tenant.id, "flask summaries pack")
        try:
            events = export_evidence(
                actor,
                summary_id,
                file,
                at=clock.now(),
                public_url=current_app.config["SETTINGS"].public_url,
                most=None,
            )
        except NotFound:
            raise click.ClickException(f"{slug} has no such summary.") from None
        except Problem as problem:
            raise click.ClickException(problem.detail or problem.title) from None
        except OSError as error:
            raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"The summary and {events:,} events are in {file}.")


@summaries_cli.command("verify")
@click.argument("evidence", type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, help="A key you trust, or its file.")
@click.option("--kept", multiple=True, help="A file of checkpoints that you kept.")
@click.option("--proof", "proofs", multiple=True, help="A file with a proof of growth.")
def verify(
    evidence: Path, keys: tuple[str, ...], kept: tuple[str, ...], proofs: tuple[str, ...]
) -> None:
    """Check the evidence pack of a summary, without a database and without a network.

    Exits with 0 when all is right, 1 when something is wrong, 2 when it cannot be read or not be
    checked. Any changed byte is one of the latter two.
    """
    try:
        report = check_evidence(question(evidence, keys, kept, proofs))
    except Unreadable as error:
        click.echo(f"CANNOT READ {evidence.name}: {error}")
        sys.exit(CANNOT_READ)
    click.echo(f"{evidence.name}\n{report}")
    sys.exit(report.exit_code)
