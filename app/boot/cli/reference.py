"""`flask reference`: the generated pages of docs/reference."""

import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.boot.reference import reference_pages, stale_pages
from app.boot.settings import ROOT

reference_cli = AppGroup("reference", help="The generated pages of docs/reference.")


@reference_cli.command("write")
def write() -> None:
    """Write the pages anew."""
    for path, text in reference_pages(_app()).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@reference_cli.command("check")
def check() -> None:
    """Say which pages differ from the code; exits with 1 when one does."""
    stale = stale_pages(_app())
    for path in stale:
        click.echo(f"{path.relative_to(ROOT)} is out of date: run `make reference`.")
    sys.exit(1 if stale else 0)


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  werkzeug's own way
    return app
