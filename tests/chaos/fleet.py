"""Workers in processes of their own, killed at random while they work."""

import datetime as dt
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import text

from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.routing import DATABASE
from tests.chaos.asking import Setup

WORKERS = 2
START_S = 120.0
# A killed worker is missed after some seconds, and its jobs are queued again by the minute.
PATIENCE_S = 900.0


@dataclass
class Fleet:
    """The workers of a run on jobs of one name."""

    setup: Setup
    app: Flask
    job: str
    kills: int = 0
    _workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def work(
        self,
        kills: int,
        luck: random.Random,
        more: Callable[[], None],
        pause_s: tuple[float, float],
    ) -> float:
        """Work until nothing waits, killed that often; return how many seconds it took.

        Before each kill the workers work for a while between the two ends of `pause_s`; `more` is
        called where nothing is left to do, so that every kill falls on work.
        """
        begun, since = time.monotonic(), clock.now()
        self._workers = [_start(self.setup) for _ in range(WORKERS)]
        try:
            while self.kills < kills:
                self._until_all_work(since)
                if not self.waiting():
                    more()
                time.sleep(luck.uniform(*pause_s))
                since = self._kill(luck.randrange(WORKERS))
            give_up_at = time.monotonic() + PATIENCE_S
            while self.waiting() and time.monotonic() < give_up_at:
                time.sleep(0.5)
            return round(time.monotonic() - begun, 1)
        finally:
            for worker in self._workers:
                worker.kill()
                worker.wait()

    def waiting(self) -> int:
        """Return how many jobs have not ended."""
        unended = (
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE task_name = :job AND status IN ('todo', 'doing')"
        )
        return self._count(unended, job=self.job)

    def _kill(self, place: int) -> dt.datetime:
        self._workers[place].kill()
        self._workers[place].wait()
        self.kills += 1
        killed_at = clock.now()
        self._workers[place] = _start(self.setup)
        return killed_at

    def _until_all_work(self, since: dt.datetime) -> None:
        """Wait until as many workers are alive as there should be: one that starts has no job yet.

        `since` is when the last was killed: its heart beat before that.
        """
        alive = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > :since"
        give_up_at = time.monotonic() + START_S
        while time.monotonic() < give_up_at:
            if self._count(alive, since=since) >= WORKERS:
                return
            time.sleep(0.2)
        raise RuntimeError("The workers do not start.")

    def _count(self, statement: str, **parameters: object) -> int:
        database = self.app.extensions[DATABASE]
        with self.app.app_context(), database.session() as session, unit_of_work():
            return int(session.scalar(text(statement), parameters) or 0)


def _start(setup: Setup) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.worker", setup.as_text()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
