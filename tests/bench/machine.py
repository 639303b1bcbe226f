"""What a bench ran on, and how much memory the product takes."""

import os
import platform
import re
import subprocess
import threading
from pathlib import Path
from typing import Self

import psutil
import psycopg

from app.kernel import clock
from tests.support.databases import ROOT
from tests.support.installation import Installation

MEGABYTE = 1024 * 1024
_EVERY_S = 0.1


def describe_machine(connection: psycopg.Connection) -> dict[str, str | int]:
    """Return the machine, the versions and the date; no names and no places."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607  whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (server,) = connection.execute("SHOW server_version").fetchone()
    return {
        "date": f"{clock.now():%Y-%m-%d %H:%M} UTC",
        "commit": commit.stdout.strip() or "unknown",
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_mb": psutil.virtual_memory().total // MEGABYTE,
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "postgresql": str(server).partition(" ")[0],
    }


def database_mb(connection: psycopg.Connection) -> dict[str, int]:
    """Return how large the log is on disk, table and indexes apart."""
    rows = connection.execute(
        "SELECT 'events', pg_table_size('audit_events') UNION ALL"
        " SELECT indexrelname::text, pg_relation_size(indexrelid) FROM pg_stat_user_indexes"
        " WHERE relname = 'audit_events'"
    )
    return {name: size // MEGABYTE for name, size in rows}


class MemoryWatch:
    """Looks at the memory of the product's processes all the time; keeps the most of each."""

    def __init__(self, installation: Installation) -> None:
        self._installation, self._stopping = installation, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.first: dict[str, int] = {}
        self.most: dict[str, int] = {}

    def __enter__(self) -> Self:
        self.first = self._look()
        self.most = dict(self.first)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def as_json(self) -> dict[str, dict[str, int]]:
        return {
            name: {"before_mb": self.first.get(name, 0), "most_mb": most}
            for name, most in self.most.items()
        }

    def _watch(self) -> None:
        while not self._stopping.wait(_EVERY_S):
            for name, size in self._look().items():
                self.most[name] = max(size, self.most.get(name, 0))

    def _look(self) -> dict[str, int]:
        worker = self._installation.worker
        processes = {
            f"web {n}": pid for n, pid in enumerate(sorted(self._installation.web_processes()))
        }
        if worker is not None:
            processes["worker"] = worker.pid
        return {name: size for name, pid in processes.items() if (size := _resident(pid))}


def _resident(process_id: int) -> int:
    try:
        return int(psutil.Process(process_id).memory_info().rss // MEGABYTE)
    except psutil.NoSuchProcess:
        return 0


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    text = information.read_text("utf-8") if information.exists() else ""
    found = re.search(r"model name\s*: (.*)", text)
    return found[1] if found else platform.processor()
