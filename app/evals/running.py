"""Running cases: the pipeline of summaries over each, in the log that it is about."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.audit.collection import AUDIT_LOG
from app.audit.queries import LogSlice
from app.evals.case import Case, World
from app.evals.judging import judge
from app.evals.outcomes import Outcome, Status
from app.evals.scenes.stage import STRANGERS
from app.gateway.choices.policy import Choice
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.models import ModelCall
from app.gateway.purposes import Purpose
from app.kernel.actor import Actor
from app.kernel.database import Scope, unit_of_work
from app.kernel.query_language.query import parse
from app.kernel.routing import database
from app.summaries.claims.sentences import Wording
from app.summaries.claims.verifier import SliceReads
from app.summaries.drafting.answering import Asked, answer

# What a model answered, though not with anything that is of use.
_OF_THE_MODEL = frozenset({FailureCode.NONSENSE, FailureCode.TRUNCATED, FailureCode.DECLINED})
_UTC = ZoneInfo("UTC")
_FOREIGN = tuple(stranger.id for stranger in STRANGERS)
# How often a case waits for a minute's allowance of calls before it counts as an error.
_WAITS = 5
_LONGEST_WAIT_S = 60

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setup:
    """What is run: whose calls they are, with which prompt and model, over which logs.

    `run_id` makes the ids of the calls, so that a run that goes on finds its calls again. `model`
    None is what the tenant itself uses. `worlds` are the evaluation tenants.
    """

    actor: Actor
    run_id: UUID
    prompt: str
    model: Choice | None
    worlds: Mapping[World, UUID]


def run_case(setup: Setup, case: Case) -> Outcome:
    """Return what came of one case. Needs a session of the actor's tenant, in no unit of work.

    A failure of the machinery is an outcome too; only what nobody expected is raised.
    """
    for turn in range(_WAITS):
        outcome, wait_s = _tried(setup, case, uuid5(setup.run_id, f"{case.id}/{turn}"))
        if wait_s is None:
            return outcome
        time.sleep(min(wait_s, _LONGEST_WAIT_S))
    return outcome


def _tried(setup: Setup, case: Case, call_id: UUID) -> tuple[Outcome, float | None]:
    """Return the outcome of a try, and how long to wait before another where that may help."""
    query = parse(case.query.query, AUDIT_LOG.fields)
    if query.errors:
        return Outcome(case.id, Status.ERROR, "query_invalid"), None
    slice_ = LogSlice(query, case.query.start, case.query.end)
    log_of = setup.worlds.get(case.query.world)
    asked = Asked(
        slice_,
        Wording(_UTC, slice_.start, slice_.end),
        call_id,
        focus=case.query.question,
        prompt=setup.prompt,
        purpose=Purpose.EVALUATION.value,
        log_of=log_of,
        only=setup.model,
    )
    try:
        answered = answer(setup.actor, asked)
    except ModelCallFailed as failure:
        waits = failure.failure_code is FailureCode.TOO_MANY_CALLS
        return _failed(case, failure, call_id), failure.retry_after_s or 1 if waits else None
    with _log(log_of):
        foreign = () if case.query.world is World.OTHER else _FOREIGN
        outcome = judge(case, answered, SliceReads(slice_), foreign)
    return _with_cost(outcome, (asked.call_id, asked.repair_call_id)), None


def _with_cost(outcome: Outcome, call_ids: tuple[UUID, ...]) -> Outcome:
    """Return the outcome with what its calls took together, as the ledger has it."""
    with unit_of_work() as session:
        calls = session.scalars(select(ModelCall).where(ModelCall.id.in_(call_ids))).all()
    return replace(
        outcome,
        tokens_in=_sum(call.tokens_in for call in calls),
        tokens_out=_sum(call.tokens_out for call in calls),
        cost_micros=_sum(call.micros_charged for call in calls),
        latency_ms=_sum(call.latency_ms for call in calls) or 0,
    )


def _sum(values: Iterable[int | None]) -> int | None:
    """Return the sum, None where one of the values is not known."""
    known = list(values)
    return None if None in known else sum(value or 0 for value in known)


def _failed(case: Case, failure: ModelCallFailed, call_id: UUID) -> Outcome:
    code = failure.failure_code
    status = Status.REFUSED if code in _OF_THE_MODEL else Status.ERROR
    return replace(Outcome(case.id, status, code.value), call_id=str(call_id))


@contextmanager
def _log(log_of: UUID | None) -> Iterator[None]:
    if log_of is None:
        yield
        return
    with database().session(Scope(tenant_id=log_of)):
        yield
