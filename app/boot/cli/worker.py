"""`flask worker`: background jobs, until a signal, and across short absences of the database."""

import asyncio
import logging
import signal
import time
from contextlib import suppress

import click
import procrastinate
import psycopg
from flask import Flask, current_app
from flask.cli import with_appcontext
from procrastinate.exceptions import ConnectorException

from app.boot.chores import add_chores
from app.boot.database_addresses import psycopg_address
from app.boot.settings import Settings
from app.kernel.jobs import make_queue

POLL_S = 1.0
# A server that restarts or fails over is back by then; one that is not needs somebody to look.
PATIENCE_S = 60.0
PAUSE_S = 1.0

log = logging.getLogger(__name__)


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Run background jobs until a signal."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  werkzeug's own way
    settings: Settings = app.config["SETTINGS"]
    with suppress(asyncio.CancelledError):
        asyncio.run(_work(app, psycopg_address(settings.database.for_app())))


async def _work(app: Flask, conninfo: str) -> None:
    """Work until a signal cancels this; end too when the database stays away."""
    me, loop = asyncio.current_task(), asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(asked, me.cancel)  # type: ignore[union-attr]  # it runs in a task
    while True:
        await _work_while_connected(app, conninfo)
        log.warning("worker_waits", extra={"why": "the connection to the database broke"})
        await _database_answers(conninfo)


async def _work_while_connected(app: Flask, conninfo: str) -> None:
    """Do jobs; return when the database is gone, which procrastinate does not survive."""
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo, kwargs={"prepare_threshold": None}, min_size=1, max_size=4
    )
    queue = make_queue(connector, app)
    add_chores(queue, app)
    try:
        async with queue.open_async():
            await queue.run_worker_async(
                concurrency=2,
                fetch_job_polling_interval=POLL_S,
                delete_jobs="successful",
                shutdown_graceful_timeout=6,
                install_signal_handlers=False,
            )
    except ConnectorException as error:
        log.info("worker_disconnected", extra={"why": str(error.__cause__ or error)})


async def _database_answers(conninfo: str) -> None:
    """Return once the database lets somebody in."""
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(conninfo, connect_timeout=5):
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > give_up_at:
                raise click.ClickException(
                    f"The database was away for {PATIENCE_S:.0f} seconds: {error}"
                ) from error
        await asyncio.sleep(PAUSE_S)
