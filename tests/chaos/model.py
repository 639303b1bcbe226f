"""Run from the command line: `python -m tests.chaos.model --calls 1000 --share 0.3 --kills 20`.

Jobs ask a model that fails, while the workers that run them are killed. At the end each job has
ended, each call has ended, each call is charged what the endpoint did for it, and nothing is
reserved any more.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

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
from tests.chaos.asking import ASK_JOB, DEADLINE_S, Setup
from tests.chaos.billing import BookkeepingServer, Books
from tests.chaos.fleet import Fleet
from tests.fakes.model_server import Reply
from tests.gateway.digests import chat_request
from tests.support.databases import ServerLease, drop_database, fresh_database
from tests.support.scripted_model import unlucky
from tests.support.worlds import World, make_world

LIMIT = 50_000_000
# So many calls follow when the queue is empty before the last kill.
MORE = 100
# So long workers work between two kills.
WORK_S = (0.5, 4.0)


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
    with set_up(unlucky(given.share, given.seed, calls=20_000)) as (setup, server):
        _run(setup, server.books, tally, given.kills, random.Random(given.seed))  # noqa: S311  a run that can be repeated, not a secret
    sys.stdout.write(f"{json.dumps(tally.as_json(), indent=2)}\n")
    return 1 if tally.wrong else 0


@contextmanager
def set_up(replies: Sequence[Reply]) -> Iterator[tuple[Setup, BookkeepingServer]]:
    lease = ServerLease()
    lease.take()
    try:
        addresses = fresh_database()
        with (
            tempfile.TemporaryDirectory() as data_dir,
            BookkeepingServer(*replies) as server,
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
    _allow(world)
    _queue(world, tally.calls)
    fleet = Fleet(setup, app, ASK_JOB)

    def more() -> None:
        _queue(world, MORE)
        tally.calls += MORE

    tally.took_s = fleet.work(kills, luck, more, WORK_S)
    tally.kills = fleet.kills
    _judge(world, fleet.waiting(), books, tally)


def _allow(world: World) -> None:
    with world.app.test_request_context("/"), world.session():
        owner = world.actor(Role.OWNER)
        update_policy(owner, ModelPolicy(calls_per_minute=6_000))
        update_budget(owner, Purpose.SUMMARY, Limits(LIMIT, None))


def _queue(world: World, calls: int) -> None:
    with world.app.test_request_context("/"), world.session():
        owner = world.actor(Role.OWNER)
        with unit_of_work():
            for _ in range(calls):
                defer(ASK_JOB, owner, call_id=str(uuid7()))


def _judge(world: World, left: int, books: Books, tally: Tally) -> None:
    estimate = estimate_tokens(chat_request())
    with world.session() as session:
        calls = session.scalars(select(ModelCall)).all()
        account = get_account("summary", clock.now(), DEADLINE_S)
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
