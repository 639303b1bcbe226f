"""Run from the command line: `python -m tests.chaos.drafting --kills 50`.

Workers that draft summaries are killed at random points: while they read the log, while a model
answers (which takes its time here, and fails at every tenth call), while claims are checked and
while the draft is stored. At the end each summary has ended once: one draft or one failure with a
code, one event that says so, one call that ended, and nothing is reserved any more.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.gateway.budgets.accounts import Limits, get_account
from app.gateway.budgets.service import update_budget
from app.gateway.choices.policy import ModelPolicy
from app.gateway.choices.service import update_policy
from app.gateway.models import ModelCall
from app.gateway.purposes import Purpose
from app.identity.roles import Role
from app.kernel import clock
from app.summaries.models import Summary, SummaryClaim
from app.summaries.service.job import DRAFT_JOB
from app.summaries.service.requests import request_summary
from tests.chaos.asking import DEADLINE_S
from tests.chaos.fleet import Fleet
from tests.chaos.model import LIMIT, set_up
from tests.fakes.model_server import Reply, error, right
from tests.summaries.conftest import STORY, tell_story
from tests.support.worlds import World, make_world

# As many are asked for at once, so that every kill falls on work.
AT_ONCE = 8
# They are drafted within some two seconds.
WORK_S = (0.1, 1.5)
ENDED = {"in_review": "summary.drafted", "failed": "summary.failed"}


@dataclass
class Tally:
    """What a run came to; `wrong` is everything that should not be."""

    kills: int = 0
    took_s: float = 0.0
    asked: list[str] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    taken_over: int = 0
    claims: int = 0
    wrong: list[str] = field(default_factory=list)


def slow_model(luck: random.Random, replies: int = 5_000) -> list[Reply]:
    """Return right answers that take up to a second, and a failure at every tenth call."""
    return [
        error(500) if luck.random() < 0.1 else replace(right(), delay_s=luck.uniform(0.0, 1.0))
        for _ in range(replies)
    ]


def main() -> int:
    """Ask, kill, and look; return 1 when a summary was lost, stuck, or ended twice."""
    parser = argparse.ArgumentParser("tests.chaos.drafting", description=main.__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    luck, tally = random.Random(given.seed), Tally()  # noqa: S311  a run that can be repeated
    with set_up(slow_model(luck)) as (setup, _):
        app = setup.app()
        world = make_world(app, "Alder")
        tell_story(world)
        _allow(world)
        ask = _asker(world, tally)
        fleet = Fleet(setup, app, DRAFT_JOB)
        tally.took_s = fleet.work(given.kills, luck, ask, WORK_S)
        tally.kills = fleet.kills
        _judge(world, fleet.waiting(), tally)
    told = {**vars(tally), "asked": len(tally.asked)}
    sys.stdout.write(f"{json.dumps(told, indent=2)}\n")
    return 1 if tally.wrong else 0


def _allow(world: World) -> None:
    with world.app.test_request_context("/"), world.session():
        owner = world.actor(Role.OWNER)
        update_policy(owner, ModelPolicy(calls_per_minute=6_000))
        update_budget(owner, Purpose.SUMMARY, Limits(LIMIT, None))


def _asker(world: World, tally: Tally) -> Callable[[], None]:
    def ask() -> None:
        with world.app.test_request_context("/"), world.session():
            analyst = world.actor(Role.ANALYST)
            for _ in range(AT_ONCE):
                tally.asked.append(str(request_summary(analyst, query_text=STORY)))

    return ask


def _judge(world: World, left: int, tally: Tally) -> None:
    with world.session() as session:
        summaries = {str(row.id): row for row in session.scalars(select(Summary))}
        events = Counter(
            (event.target_id, event.action)
            for event in session.scalars(
                select(AuditEvent).where(AuditEvent.action.in_(ENDED.values()))
            )
        )
        calls = {call.id: call for call in session.scalars(select(ModelCall))}
        claims = Counter(str(claim.summary_id) for claim in session.scalars(select(SummaryClaim)))
        account = get_account("summary", clock.now(), DEADLINE_S)
    if left:
        tally.wrong.append(f"{left} jobs have not ended")
    if summaries.keys() != set(tally.asked):
        tally.wrong.append(f"{len(summaries)} summaries of {len(tally.asked)} that were asked for")
    if account.reserved.tokens:
        tally.wrong.append(f"{account.reserved.tokens} tokens are still reserved")
    for ident, row in summaries.items():
        tally.ended[row.failure_code or row.status] += 1
        tally.claims += claims[ident]
        tally.wrong += [f"{ident}: {words}" for words in _faults(row, events, claims[ident])]
        tally.wrong += [f"{ident}: {words}" for words in _call_faults(row.call_id, calls)]
    tally.taken_over = sum(call.claimed_at != call.started_at for call in calls.values())


def _faults(row: Summary, events: Counter[tuple[str | None, str]], claims: int) -> list[str]:
    told = [events[str(row.id), action] for action in ENDED.values()]
    if row.status not in ENDED:
        return [f"is {row.status}"]
    found = []
    if sum(told) != 1 or not events[str(row.id), ENDED[row.status]]:
        found.append(f"is {row.status}, and the log tells of {told[0]} drafts, {told[1]} failures")
    if (row.status == "in_review") != bool(claims):
        found.append(f"is {row.status} with {claims} claims")
    return found


def _call_faults(call_id: UUID, calls: dict[UUID, ModelCall]) -> list[str]:
    call = calls.get(call_id)
    if call is None:
        return ["has no call in the ledger"]
    return [f"its call is {call.status}"] if call.status == "started" else []


if __name__ == "__main__":
    sys.exit(main())
