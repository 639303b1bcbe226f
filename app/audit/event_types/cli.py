"""`flask event-types`: the contracts of the app's own events, under control."""

import sys

import click
from flask.cli import AppGroup

from app.audit.event_types.lock import (
    BaseMissing,
    list_changes,
    list_findings,
    list_unlocked,
    read_lock,
    read_lock_at,
    write_lock,
)
from app.audit.event_types.own import read_types

event_types_cli = AppGroup("event-types", help="The contracts of the app's own events.")


@event_types_cli.command("check")
@click.option("--base", help="A commit whose lock has to be kept too, as in origin/main.")
def check(base: str | None) -> None:
    """Check every contract, and that what was published is as it was; exits with 1 if not."""
    lock = read_lock()
    findings = [*list_findings(), *list_changes(lock)]
    findings += [
        f"{name} is not locked; run `flask event-types lock`." for name in list_unlocked(lock)
    ]
    if base is not None:
        try:
            findings += list_changes(read_lock_at(base))
        except BaseMissing as missing:
            raise click.ClickException(str(missing)) from None
    _report(list(dict.fromkeys(findings)))


@event_types_cli.command("lock")
@click.option(
    "--rewrite",
    multiple=True,
    metavar="ACTION/VERSION",
    help="Lock a version anew that was never released; repeat for several.",
)
def lock(rewrite: tuple[str, ...]) -> None:
    """Take new versions into the lock; refuses when a published one changed."""
    promised = {name: sha for name, sha in read_lock().items() if name not in rewrite}
    findings = [*list_findings(), *list_changes(promised)]
    if findings:
        _report(findings)
    types = read_types()
    new = list_unlocked(promised, types)
    write_lock(types)
    for name in new:
        click.echo(name)
    click.echo(f"{len(new)} versions locked.", err=True)


def _report(findings: list[str]) -> None:
    for finding in findings:
        click.echo(finding)
    click.echo(f"{len(findings)} findings.", err=True)
    sys.exit(1 if findings else 0)
