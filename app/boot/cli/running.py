"""`flask up`: running Ballast."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.boot.cli.demo import demo_is_welcome, demo_sign_ins, seed_demo
from app.boot.cli.welcome import welcome_when_ready
from app.boot.database_addresses import EmbeddedDatabase
from app.boot.local.ports import ensure_port_free
from app.boot.local.processes import Child, Supervisor
from app.boot.schema import prepare_database
from app.boot.settings import Settings


@click.command("up")
@click.option("--seed/--no-seed", default=True, help="Load the demonstration when it is missing.")
@with_appcontext
def up_command(*, seed: bool) -> None:
    """Run everything: database, web and worker, until Ctrl-C."""
    settings: Settings = current_app.config["SETTINGS"]
    started = time.monotonic()
    try:
        ensure_port_free(settings.port)
        prepare_database(settings.database.for_owner(), settings.database.for_app())
        if seed and not settings.is_production and demo_is_welcome():
            seed_demo()
    except OperationalError as error:
        raise click.ClickException(_database_words(settings, error)) from error
    metrics = Path(tempfile.mkdtemp(prefix="ballast-metrics-"))
    try:
        welcome_when_ready(settings.port, _welcome(settings), started)
        code = Supervisor(_children(settings, metrics)).run()
    finally:
        shutil.rmtree(metrics, ignore_errors=True)
        if isinstance(settings.database, EmbeddedDatabase):
            settings.database.server.stop()
    sys.exit(code)


def _children(settings: Settings, metrics: Path) -> list[Child]:
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PYTHONUNBUFFERED": "1",
    }
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:app.boot.gunicorn_settings",
        "--bind",
        f"127.0.0.1:{settings.port}",
        "--workers",
        str(settings.web_workers),
        "app:create_app()",
    ]
    worker = [sys.executable, "-m", "flask", "worker"]
    return [Child("web", web, environment), Child("worker", worker, environment)]


def _welcome(settings: Settings) -> str:
    address = f"http://127.0.0.1:{settings.port}"
    sign_ins = "".join(f"\n  {line}".rstrip(" ") for line in demo_sign_ins(settings))
    return f"\nBallast is at {address}. Ctrl-C ends all of it.\n{sign_ins}\n"


def _database_words(settings: Settings, error: OperationalError) -> str:
    url = make_url(settings.database.for_owner())
    where = f"{url.host or 'the local socket'}:{url.port or 5432}/{url.database}"
    reason = str(error.orig).strip().splitlines()[0].rstrip(".")
    return f"The database at {where} cannot be used: {reason}. Check DATABASE_URL, or unset it."
