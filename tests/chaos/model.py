"""Run from the command line: `python -m tests.chaos.model --calls 1000 --share 0.3 --kills 20`.

Jobs ask a model that fails, while the workers that run them are killed. At the end each job has
ended, each call has ended, each call is charged what the endpoint did for it, and nothing is
reserved any more.
"""

import argparse
import datetime as dt
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from app.gateway.budgets.accounts import Limits, get_account
from app.gateway.budgets.pricing import estimate_tokens
from app.gateway.budgets.service import update_budget
from app.gateway.choices.policy import ModelPolicy
from app.gateway.choices.service import update_policy
from app.gateway.models import ModelCall
from app.gateway.purposes import Purpose
from app.identity.roles import Role
from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from app.kernel.jobs import defer
from app.kernel.routing import DATABASE
from tests.chaos.asking import ASK_JOB, DEADLINE_S, Setup
from tests.chaos.billing import BookkeepingServer, Books
from tests.gateway.digests import chat_request
from tests.support.databases import ServerLease, drop_database, fresh_database
from tests.support.scripted_model import unlucky
from tests.support.worlds import World, make_world

WORKERS = 2
# So long workers work between two kills.
WORK_S = (0.5, 4.0)
START_S = 120.0
# A killed worker is missed after some seconds, and its jobs are queued again by the minute.
PATIENCE_S = 900.0
LIMIT = 50_000_000


@dataclass
class Tally:
    """What a run came to. `wrong` is everything that should not be; times are in seconds."""

    calls: int
    share: float
    kills: int = 0
    took_s: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    taken_over: int = 0
    charged: int = 0
    billed: int = 0
    p50_s: float = 0.0
    p95_s: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def main() -> int:
    """Ask an unlucky model; return 1 when something got lost, billed twice, or stuck."""
    parser = argparse.ArgumentParser("tests.chaos.model", description=main.__doc__)
    parser.add_argument("--calls", type=int, default=1_000)
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tally = Tally(given.calls, given.share)
    with _setup(given.share, given.seed) as (setup, server):
        _run(setup, server.books, tally, given.kills, random.Random(given.seed))  # noqa: S311  a run that can be repeated, not a secret
    sys.stdout.write(f"{json.dumps(tally.as_json(), indent=2)}\n")
    return 1 if tally.wrong else 0


@contextmanager
def _setup(share: float, seed: int) -> Iterator[tuple[Setup, BookkeepingServer]]:
    lease = ServerLease()
    lease.take()
    try:
        addresses = fresh_database()
        with (
            tempfile.TemporaryDirectory() as data_dir,
            BookkeepingServer(*unlucky(share, seed, calls=20_000)) as server,
        ):
            yield (
                Setup(addresses.owner_url, addresses.app_url, server.base_url, data_dir),
                server,
            )
    finally:
        drop_database()
        lease.give_back()


def _run(setup: Setup, books: Books, tally: Tally, kills: int, luck: random.Random) -> None:
    app = setup.app()
    world = make_world(app, "Alder")
    _queue(world, tally.calls)
    begun, since = time.monotonic(), clock.now()
    workers = [_start(setup) for _ in range(WORKERS)]
    try:
        while tally.kills < kills and _waiting(app):
            _until_all_work(app, since)
            time.sleep(luck.uniform(*WORK_S))
            place = luck.randrange(WORKERS)
            workers[place].kill()
            workers[place].wait()
            tally.kills, since = tally.kills + 1, clock.now()
            workers[place] = _start(setup)
        give_up_at = time.monotonic() + PATIENCE_S
        while _waiting(app) and time.monotonic() < give_up_at:
            time.sleep(0.5)
        tally.took_s = round(time.monotonic() - begun, 1)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    _judge(world, books, tally)


def _queue(world: World, calls: int) -> None:
    with world.app.test_request_context("/"), world.session():
        owner = world.actor(Role.OWNER)
        update_policy(owner, ModelPolicy(calls_per_minute=6_000))
        update_budget(owner, Purpose.SUMMARY, Limits(LIMIT, None))
        with unit_of_work():
            for _ in range(calls):
                defer(ASK_JOB, owner, call_id=str(uuid7()))


def _start(setup: Setup) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.worker", setup.as_text()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _until_all_work(app: Flask, since: dt.datetime) -> None:
    """Wait until as many workers are alive as there should be: one that starts has no call yet.

    `since` is when the last was killed: its heart beat before that.
    """
    alive = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > :since"
    give_up_at = time.monotonic() + START_S
    while time.monotonic() < give_up_at:
        if _count(app, alive, since=since) >= WORKERS:
            return
        time.sleep(0.2)
    raise RuntimeError("The workers do not start.")


def _waiting(app: Flask) -> int:
    """Return how many jobs have not ended."""
    unended = (
        "SELECT count(*) FROM procrastinate_jobs"
        " WHERE task_name = :job AND status IN ('todo', 'doing')"
    )
    return _count(app, unended, job=ASK_JOB)


def _count(app: Flask, statement: str, **parameters: object) -> int:
    database = app.extensions[DATABASE]
    with app.app_context(), database.session() as session, unit_of_work():
        return int(session.scalar(text(statement), parameters) or 0)


def _judge(world: World, books: Books, tally: Tally) -> None:
    estimate = estimate_tokens(chat_request())
    with world.session() as session:
        calls = session.scalars(select(ModelCall)).all()
        account = get_account("summary", clock.now(), DEADLINE_S)
    left = _waiting(world.app)
    if left:
        tally.wrong.append(f"{left} jobs have not ended")
    if len(calls) != tally.calls:
        tally.wrong.append(f"{len(calls)} calls in the ledger")
    if account.reserved.tokens:
        tally.wrong.append(f"{account.reserved.tokens} tokens are still reserved")
    for call in calls:
        bill = books.bills[str(call.id)]
        is_taken_over = call.claimed_at != call.started_at
        tally.taken_over += is_taken_over
        tally.statuses[call.status] += 1
        tally.codes[call.failure_code or "none"] += 1
        tally.charged += call.tokens_charged
        tally.billed += bill.tokens(estimate)
        if call.status == "started":
            tally.wrong.append(f"{call.id} is stuck")
        # What a killed worker had sent is on the endpoint's bill and nowhere else.
        due, most = call.tokens_charged, bill.tokens(estimate)
        if due > most or (due < most and not is_taken_over):
            tally.wrong.append(f"{call.id} is charged {due}, and the endpoint did {most}")
    waits = sorted((call.latency_ms or 0) / 1000 for call in calls)
    tally.tries = books.counts
    tally.p50_s = round(statistics.median(waits), 2)
    tally.p95_s = round(waits[int(len(waits) * 0.95)], 2)


if __name__ == "__main__":
    sys.exit(main())
