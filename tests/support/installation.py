"""An installation of real processes with a PostgreSQL of its own, each of which can be killed.

Unlike `flask up`, which ends everything when one part ends, its parts are kept up one by one, as
a service manager does it. The database keeps what it acknowledged (`durable`), unlike that of the
other tests.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from flask import Flask

from app import create_app
from app.boot.database_addresses import GivenDatabase, app_role_url, psycopg_address
from app.boot.local import die_with_parent
from app.boot.local.embedded_postgres import EmbeddedPostgres
from app.boot.schema import prepare_database
from app.boot.settings import Settings
from app.kernel.routing import DATABASE
from tests.support.databases import ROOT, SECRET
from tests.support.wire import BROKEN, Wire

READY_S = 120.0
END_S = 15.0
RECOVERY_S = 30.0
_PAUSE_S = 0.05
_COMING_BACK = re.compile("in recovery mode|starting up|not yet accepting")
_OURS = ("BALLAST_", "DATABASE_URL", "PORT", "FLASK_", "PROMETHEUS_")


class Installation:
    """Web server, worker and database of one folder."""

    def __init__(self, folder: Path, *, web_workers: int = 2) -> None:
        self.folder, self._web_workers = folder, web_workers
        self.postgres = EmbeddedPostgres.at(folder / "postgres", say=lambda _line: None)
        self.port = _free_port()
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self._apps: list[Flask] = []
        # How often a part ended that nobody had killed.
        self.fallen: list[str] = []
        (folder / "metrics").mkdir()
        self._words = (folder / "words.txt").open("ab")

    def start_database(self) -> None:
        """Start the database and bring it to the newest schema."""
        self.postgres.start()
        addresses = self.addresses
        prepare_database(addresses.for_owner(), addresses.for_app())

    def start(self) -> None:
        """Start the web server and the worker, and wait until both work."""
        self.start_web()
        self.start_worker()
        self.wait_until_ready()

    @property
    def addresses(self) -> GivenDatabase:
        url = self.postgres.url()
        return GivenDatabase(url, app_role_url(url, SECRET))

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told: an installation outside production, and nothing else."""
        rest = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        addresses = self.addresses
        return rest | {
            "BALLAST_DATA_DIR": str(self.folder / "data"),
            "BALLAST_OWNER_DATABASE_URL": addresses.for_owner(),
            "BALLAST_SECRET_KEY": SECRET,
            "DATABASE_URL": addresses.for_app(),
            "PORT": str(self.port),
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
        }

    def make_app(self) -> Flask:
        """Return the app of this installation in our own process, to set up and look into it."""
        app = create_app(Settings.from_environment(self.environment))
        self._apps.append(app)
        return app

    def start_web(self) -> None:
        command = ["-m", "gunicorn", "--config", "python:app.boot.gunicorn_settings"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(self._web_workers)]
        self.web = self._start([*command, "app:create_app()"])

    def start_worker(self) -> None:
        self.worker = self._start(["-m", "flask", "worker"])

    def keep_up(self) -> None:
        """Start again what has ended, as a service manager does."""
        if not self.postgres.is_running():
            self.postgres.start()
        for name, process, start in self._parts():
            if process is not None and process.poll() is not None:
                if process.returncode != -signal.SIGKILL:
                    self.fallen.append(f"{name}: exit code {process.returncode}")
                start()

    def is_ready(self) -> bool:
        """Say whether the product answers."""
        wire = Wire(self.port, patience_s=5)
        try:
            return wire.send("GET", "/readyz").status == 200
        except BROKEN:
            return False
        finally:
            wire.close()

    def wait_until_ready(self) -> float:
        """Keep everything up until the product answers; return how many seconds it took."""
        took = self.wait_for(self.is_ready, READY_S)
        if took is None:
            raise RuntimeError(f"It does not answer. It said:\n{self.last_words()}")
        return took

    def wait_for(self, is_so: Callable[[], bool], patience_s: float) -> float | None:
        """Keep everything up until something is so; return the seconds, None when it is not."""
        started = time.monotonic()
        while not is_so():
            if time.monotonic() > started + patience_s:
                return None
            self.keep_up()
            time.sleep(_PAUSE_S)
        return time.monotonic() - started

    def let_work(self, seconds: float) -> None:
        """Keep everything up for so long."""
        self.wait_for(lambda: False, seconds)

    def web_processes(self) -> list[int]:
        """Return the ids of the processes that answer requests."""
        if self.web is None or self.web.poll() is not None:
            return []
        return [child.pid for child in psutil.Process(self.web.pid).children()]

    def database_process(self) -> int:
        """Return the id of the database's first process."""
        with self.connect() as connection:
            return psutil.Process(connection.info.backend_pid).ppid()

    def busy_backends(self) -> list[int]:
        """Return the ids of the database's processes that work for the product."""
        statement = (
            "SELECT pid FROM pg_stat_activity WHERE usename = %s"
            " ORDER BY state = 'active' DESC, state_change DESC"
        )
        role = psycopg.conninfo.conninfo_to_dict(psycopg_address(self.addresses.for_app()))["user"]
        with self.connect() as connection:
            return [row[0] for row in connection.execute(statement, (role,))]

    def connect(self) -> psycopg.Connection:
        """Connect as the owner of the tables, who sees the rows of all tenants.

        A database that is coming back after a crash is waited for.
        """
        address, until = psycopg_address(self.addresses.for_owner()), time.monotonic() + RECOVERY_S
        while True:
            try:
                return psycopg.connect(address, autocommit=True)
            except psycopg.OperationalError as error:
                if not _COMING_BACK.search(str(error)) or time.monotonic() > until:
                    raise
            time.sleep(_PAUSE_S)

    def last_words(self) -> str:
        """Return the end of what the processes said."""
        return (self.folder / "words.txt").read_text("utf-8", "replace")[-4_000:]

    def stop_processes(self) -> None:
        """End web server and worker, as a restart of the machine would."""
        running = [part for _, part, _ in self._parts() if part is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + END_S
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                kill_group(process.pid)
                process.wait()

    def stop(self) -> None:
        """End everything."""
        self.stop_processes()
        for app in self._apps:
            app.extensions[DATABASE].engine.dispose()
        self.postgres.stop()
        self._words.close()

    def _parts(
        self,
    ) -> Sequence[tuple[str, subprocess.Popen[bytes] | None, Callable[[], None]]]:
        return (("web", self.web, self.start_web), ("worker", self.worker, self.start_worker))

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        wrapper = [sys.executable, "-I", "-S", str(Path(die_with_parent.__file__))]
        return subprocess.Popen(
            [*wrapper, str(os.getpid()), sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self._words,
            stderr=self._words,
            start_new_session=True,
        )


@contextmanager
def installed(*, web_workers: int = 2) -> Iterator[Installation]:
    """Make an installation in a new folder; end it and delete the folder with the block."""
    folder = Path(tempfile.mkdtemp(prefix="ballast-")).resolve()
    # The database's own account has to get in, where that is not ours.
    folder.chmod(0o755)
    installation = Installation(folder, web_workers=web_workers)
    try:
        installation.start_database()
        yield installation
    finally:
        installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


def kill_group(process_id: int) -> None:
    """Kill a process with all its children, at once and with nothing said."""
    try:
        os.killpg(process_id, signal.SIGKILL)
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
