"""`flask components`: the design system's own checks."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from components.lint.check import check_all

components_cli = AppGroup("components", help="The design system.")


@components_cli.command("check")
def check() -> None:
    """Check contracts, templates and styles; exits with 1 on a finding."""
    templates = sorted(Path(current_app.root_path).glob("*/templates"))
    findings = check_all(templates)
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} findings.", err=True)
    sys.exit(1 if findings else 0)
