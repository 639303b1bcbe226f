"""Killing a worker of retention with the hardest signal there is, again and again."""

import os
import random
import subprocess
import sys
import time


def kill_at_work(settings, world, work, kills):
    """Begin a worker so many times and kill it at some moment; then let one end by itself."""
    chance = random.Random(4711)  # noqa: S311  repeatable
    for _ in range(kills):
        with begin_worker(settings, world, work) as worker:
            assert worker.stdout.readline() == "begins\n"
            time.sleep(0.02 + chance.random() * 0.3)
            worker.kill()
    with begin_worker(settings, world, work) as worker:
        worker.communicate()
    assert worker.returncode == 0


def begin_worker(settings, world, work):
    """Begin a process that goes on with a deletion or an erasure."""
    program = [sys.executable, "-m", "tests.audit.retention.worker"]
    return subprocess.Popen(
        [*program, str(settings.data_dir), str(world.tenant.id), work],
        env={**os.environ, "DATABASE_URL": settings.database.for_app()},
        stdout=subprocess.PIPE,
        text=True,
    )
