"""`flask components`: the design system's own checks, and changes of it under control."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from app.boot.page_templates import find_page_templates, find_template_folders
from components.change.api import describe
from components.change.compare import compare
from components.change.impact import find_dependents, find_impact
from components.change.lock import (
    BaseMissingError,
    check_lock,
    find_changelogs,
    judge,
    read_lock_at,
    write_lock,
)
from components.change.scaffold import ScaffoldError, create
from components.contract import KINDS
from components.lint.check import check_all
from components.lint.findings import Finding
from components.registry import Registry
from components.release import read_release
from components.tokens.read import load_tokens

components_cli = AppGroup("components", help="The design system.")


@components_cli.command("check")
def check() -> None:
    """Check contracts, lock, templates, styles and sizes; exits with 1 on a failure."""
    _report(check_all(find_template_folders(current_app)))


@components_cli.command("lock")
def lock() -> None:
    """Write the public contract into its lock, if each change is declared."""
    registry = Registry.load()
    found = [finding for finding in check_lock(registry) if finding.rule != "stale-lock"]
    if found:
        _report(found)
    write_lock(registry)
    click.echo(f"The contract of {len(registry.contracts)} nodes is locked.")


@components_cli.command("diff")
@click.argument("base")
def diff(base: str) -> None:
    """Show what changed in the public contract since the commit BASE, and which step it needs."""
    registry = Registry.load()
    try:
        old = read_lock_at(base)
    except BaseMissingError as missing:
        raise click.ClickException(str(missing)) from None
    new = describe(registry, load_tokens())
    changes = compare(old, new)
    for change in changes:
        before, after = (str(api.get(change.node, {}).get("version", "–")) for api in (old, new))
        step = change.step.name.lower()
        click.echo(f"{change.node:18} {before:>7} → {after:7} {step:6} {change.what}")
    click.echo(f"{len(changes)} changes since {base}.", err=True)
    _report(judge(old, new, find_changelogs(registry), read_release()))


# The name of a token begins like an option.
@components_cli.command("impact", context_settings={"ignore_unknown_options": True})
@click.argument("name")
def impact(name: str) -> None:
    """Show every contract, template and page that would change with NAME, a contract or a token."""
    dependents = find_dependents(
        Registry.load(), find_template_folders(current_app), find_page_templates(current_app)
    )
    if name not in dependents:
        raise click.ClickException(f"There is no contract and no token called {name!r}.")
    touched = find_impact(dependents, name)
    for one in touched:
        click.echo(one)
    click.echo(f"{len(touched)} depend on {name}.", err=True)


@components_cli.command("new")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="component", show_default=True)
def new(name: str, kind: str) -> None:
    """Begin a component, pattern or content block called NAME."""
    try:
        files = create(name, kind, Registry.load())
    except ScaffoldError as refused:
        raise click.ClickException(str(refused)) from None
    for path in files:
        click.echo(str(path.relative_to(current_app.root_path.removesuffix("app"))))
    click.echo("Write what it promises, then run `flask components check`.", err=True)


def _report(findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(str(finding))
    failures = sum(finding.fails for finding in findings)
    click.echo(f"{failures} findings.", err=True)
    sys.exit(1 if failures else 0)
