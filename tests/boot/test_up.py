"""`flask up`, as `make run` calls it: everything comes up together and goes down together."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from app.boot.local.embedded_postgres import EmbeddedPostgres
from tests.boot.observing import PATIENCE_SECONDS, connect, wait_until

ROOT = Path(__file__).parents[2]
PASSWORD = "a password for the demonstration"


@dataclass
class Run:
    """A running `flask up`, and what it has said."""

    process: subprocess.Popen
    port: int
    output: Path

    @property
    def words(self) -> str:
        return self.output.read_text()

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.words
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(open_folder, tmp_path):
    """Start `flask up` in a folder of its own; whatever is left of it is ended afterwards."""
    runs = []

    def begin(*options: str, **settings: str) -> Run:
        port = free_port()
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("BALLAST_")},
            "BALLAST_DATA_DIR": str(open_folder / "data"),
            "BALLAST_DEMO_PASSWORD": PASSWORD,
            "PORT": str(port),
            "PYTHONWARNINGS": "default",
            **settings,
        }
        environment.pop("DATABASE_URL", None)
        environment |= settings
        output = tmp_path / f"up-{len(runs)}.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "up", *options],
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        runs.append(Run(process, int(environment["PORT"]), output))
        return runs[-1]

    yield begin
    for run in runs:
        if run.process.poll() is None:
            run.stop()
    postgres = EmbeddedPostgres.at(open_folder / "data" / "postgres")
    postgres.stop()


def test_one_command_brings_everything_up_and_ctrl_c_takes_it_down(start, open_folder):
    run = start()
    wait_until(run.is_ready)
    status, page = run.get("/sign-in")
    assert (status, "Work email" in page) == (200, True)
    wait_until(lambda: "Ready in" in run.words)
    assert re.search(r"owner@alder\.example +Owner", run.words)
    assert PASSWORD in run.words

    assert run.stop() == 0
    with pytest.raises(ConnectionRefusedError):
        run.get("/healthz")
    assert not EmbeddedPostgres.at(open_folder / "data" / "postgres").is_running()
    assert "Traceback" not in run.words


def test_killed_run_leaves_a_database_that_the_next_run_takes_over(start):
    first = start()
    wait_until(first.is_ready)
    first.process.kill()
    first.process.wait()

    second = start()
    wait_until(second.is_ready)
    assert "Loading the demonstration" not in second.words
    assert second.stop() == 0


def test_crash_of_the_database_server_is_survived(start, open_folder):
    run = start("--no-seed")
    wait_until(run.is_ready)
    address = EmbeddedPostgres.at(open_folder / "data" / "postgres").url()
    wait_until(lambda: last_worker(address) > 0)
    before = last_worker(address)
    with contextlib.closing(connect(address)) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)

    wait_until(lambda: last_worker(address) > before)
    wait_until(run.is_ready)
    assert run.stop() == 0


def last_worker(address: str) -> int:
    """Return the number of the worker that came last, 0 while the server recovers."""
    try:
        with connect(address) as connection:
            found = connection.execute("SELECT max(id) FROM procrastinate_workers").fetchone()
    except psycopg.OperationalError:
        return 0
    return found[0] or 0


def test_taken_port_is_said_in_one_line(start):
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        run = start(PORT=str(squatter.getsockname()[1]))
        assert run.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "is taken" in run.words
    assert "Traceback" not in run.words


def test_unreachable_database_is_said_in_one_line(start):
    run = start(DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    assert run.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "cannot be used" in run.words
    assert "Check DATABASE_URL" in run.words
    assert "Traceback" not in run.words


def test_production_without_secrets_is_refused_in_one_line(start):
    run = start(BALLAST_ENV="production")
    assert run.process.wait(timeout=PATIENCE_SECONDS) == 1
    assert "Set BALLAST_SECRET_KEY" in run.words
    assert "Traceback" not in run.words
