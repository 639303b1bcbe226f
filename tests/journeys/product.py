"""The whole product on a database of its own, as `make run` starts it.

Run as a program (`python -m tests.journeys.product`) it prints the address once the product
answers, and ends everything when its standard input is closed, so that nothing is left behind
however the test run ends. It is a process of its own because the test server gives one database
to each process.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.journeys.evaluations import tell_evaluations
from tests.support.databases import ROOT, SECRET, drop_database, fresh_database

PASSWORD = "the-password-of-the-demonstration"
START_S = 120.0
END_S = 20.0


@dataclass(frozen=True)
class Product:
    """The running product: where it answers, and which process does its background jobs."""

    address: str
    worker: int

    @contextmanager
    def worker_paused(self) -> Iterator[None]:
        """Let jobs wait as they do while every worker is busy, so that waiting can be seen."""
        os.kill(self.worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.worker, signal.SIGCONT)


@contextmanager
def started() -> Iterator[Product]:
    """Start the product in a process of its own, and end it with the block."""
    command = [sys.executable, "-m", "tests.journeys.product"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        said = process.stdout.readline()
        assert said, "The product did not start; what it said is above."
        try:
            yield Product(**json.loads(said))
        finally:
            process.stdin.close()
            process.wait(2 * END_S)


def main() -> None:
    """Run the product until standard input ends."""
    with TemporaryDirectory(prefix="ballast-journeys-") as folder:
        database, port = fresh_database(), _free_port()
        environment = {
            **_without_settings(os.environ),
            "BALLAST_DATA_DIR": folder,
            "BALLAST_DEMO_PASSWORD": PASSWORD,
            "BALLAST_OWNER_DATABASE_URL": database.for_owner(),
            "BALLAST_SECRET_KEY": SECRET,
            # One process with its threads serves one browser; the other core is the browser's.
            "BALLAST_WEB_WORKERS": "1",
            "DATABASE_URL": database.for_app(),
            "PORT": str(port),
        }
        # Its words go where ours do not, because ours are the answer to whoever started us.
        product = subprocess.Popen(
            [sys.executable, "-m", "flask", "up"], cwd=ROOT, env=environment, stdout=sys.stderr
        )
        try:
            _wait(lambda: _answers(port), product)
            _wait(lambda: _worker_of(product) is not None, product)
            tell_evaluations(environment)
            running = {"address": f"http://127.0.0.1:{port}", "worker": _worker_of(product)}
            sys.stdout.write(f"{json.dumps(running)}\n")
            sys.stdout.flush()
            sys.stdin.read()
        finally:
            product.send_signal(signal.SIGINT)
            product.wait(END_S)
            drop_database()


def _without_settings(environment: os._Environ[str]) -> dict[str, str]:
    """Return the environment without what a developer may have set for their own Ballast."""
    names = ("BALLAST_", "DATABASE_URL", "PORT", "FLASK_")
    return {name: value for name, value in environment.items() if not name.startswith(names)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(is_ready: Callable[[], bool], product: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while not is_ready():
        if product.poll() is not None:
            raise SystemExit("`flask up` ended before it answered.")
        if time.monotonic() > deadline:
            raise SystemExit(f"The product was not ready within {START_S:.0f} seconds.")
        time.sleep(0.2)


def _worker_of(product: subprocess.Popen[bytes]) -> int | None:
    children = Path(f"/proc/{product.pid}/task/{product.pid}/children").read_text("ascii")
    commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children.split()}
    return next(
        (pid for pid, command in commands.items() if b"worker" in command.split(b"\0")), None
    )


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main()
