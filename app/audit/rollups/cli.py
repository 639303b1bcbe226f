"""`flask audit counts`: whether the counts beside a log are what it says."""

import sys
from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.audit.cli import TENANT_SESSION, TenantSession
from app.audit.rollups.checking import check_counts
from app.audit.rollups.drift import Drift
from app.kernel.actor import system_actor
from app.kernel.untrusted_text import single_line

MOST_SHOWN = 20


def add_command(group: AppGroup) -> None:
    """Put the command on counts into the group of the audit log."""
    group.add_command(counts)


@click.command("counts")
@click.option("--tenant", "slug", required=True, help="The tenant's name in addresses.")
@click.option("--mend", is_flag=True, help="Set wrong counts right; ingestion waits meanwhile.")
@with_appcontext
def counts(slug: str, *, mend: bool) -> None:
    """Compare the counts by day and hour with the log itself.

    Exits with 1 when some are wrong; that goes into the log as well.
    """
    with cast("TenantSession", current_app.extensions[TENANT_SESSION])(slug) as tenant:
        found = check_counts(system_actor(tenant.id, "flask audit counts"), mend=mend)
    if not found:
        click.echo("All counts are what the log says.")
        return
    for drift in found[:MOST_SHOWN]:
        click.echo(_words(drift))
    if len(found) > MOST_SHOWN:
        click.echo(f"… and {len(found) - MOST_SHOWN:,} more.")
    click.echo(f"{len(found):,} counts {'were wrong, and are right now' if mend else 'are wrong'}.")
    sys.exit(1)


def _words(drift: Drift) -> str:
    what = "hour" if drift.action is None else single_line(drift.action, 80) or "whole day"
    return (
        f"{drift.begins:%Y-%m-%d %H:%M} {what}, {drift.outcome}:"
        f" counted {drift.kept:,}, in the log {drift.counted:,}"
    )
