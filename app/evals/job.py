"""The job that makes runs: turn by turn, each case stored as soon as it is there."""

import logging
import time
from uuid import UUID

from sqlalchemy import func, select, update

from app.evals.case import Case
from app.evals.case_sets import cases_of_tenant
from app.evals.errors import RunEnded
from app.evals.metrics import Judged
from app.evals.models import EvalResult, EvalRun
from app.evals.outcomes import Outcome
from app.evals.queries import list_done
from app.evals.running import Setup, run_case
from app.evals.service import cancel_run, finish_run
from app.evals.states import RunStatus
from app.evals.worlds import open_worlds
from app.gateway.choices.policy import Choice
from app.kernel.actor import Actor, system_actor
from app.kernel.database import current_session, unit_of_work
from app.kernel.jobs import defer, job
from app.kernel.problems import NotFound
from app.kernel.records import get_record
from app.vocabulary.permissions import Permission

RUN_JOB = "evaluation.go_on"
# So long a run goes on before other work has its turn.
TURN_S = 20.0
GONE = "The person who started it is no active member any more."
NOT_ALLOWED = "The person who started it may not run evaluations any more."

log = logging.getLogger(__name__)


def abandon(actor: Actor, run_id: str) -> None:
    """Call off the run of somebody who is no active member any more."""
    _call_off(actor, run_id, GONE)


def _call_off(actor: Actor, run_id: str, reason: str) -> None:
    try:
        cancel_run(actor, UUID(run_id), reason)
    except (RunEnded, NotFound):
        log.info("evaluation_ended", extra={"run": run_id})


@job(RUN_JOB, when_gone=abandon, lock="evaluations")
def go_on(actor: Actor, run_id: str) -> None:
    """Go on with a run for a turn, and queue the next one while cases are left.

    Bears a repetition: what is stored is not run again, and a case that was on its way finds its
    call in the ledger. Ends where the run was called off, and calls it off where the person who
    started it may not run evaluations any more.
    """
    if not actor.may(Permission.EVALUATION_CREATE):
        _call_off(system_actor(actor.tenant, "worker"), run_id, NOT_ALLOWED)
        return
    try:
        if go_on_for_a_turn(actor, UUID(run_id), TURN_S):
            with unit_of_work():
                defer(RUN_JOB, actor, run_id=run_id)
        else:
            finish_run(actor, UUID(run_id))
    except (RunEnded, NotFound):
        log.info("evaluation_ended", extra={"run": run_id})


def go_on_for_a_turn(actor: Actor, run_id: UUID, turn_s: float) -> bool:
    """Run cases until the turn is over; return whether there are more."""
    until = time.monotonic() + turn_s
    run, left = _begin(run_id)
    setup = Setup(
        actor,
        run.id,
        f"{run.prompt_name}@v{run.prompt_version}",
        Choice(run.endpoint, run.model),
        open_worlds(),
    )
    clean = _clean_outcomes(run_id)
    for number, case in enumerate(left, start=1):
        outcome = run_case(setup, case)
        clean[case.id] = outcome
        _store(run_id, Judged(case, outcome, clean.get(case.query.twin_of or "")))
        # After a case, and not before it: a turn always comes further.
        if time.monotonic() > until and number < len(left):
            return True
    return False


def _begin(run_id: UUID) -> tuple[EvalRun, list[Case]]:
    with unit_of_work() as session:
        run = get_record(EvalRun, run_id)
        session.refresh(run)
        if not RunStatus(run.status).is_open:
            raise RunEnded("It was called off.")
        run.status = RunStatus.RUNNING.value
        done = list_done(run_id)
        cases = cases_of_tenant(until=run.asked_at)
        return run, [case for case in cases if case.id not in done]


def _clean_outcomes(run_id: UUID) -> dict[str, Outcome]:
    """Return the outcomes so far, which twins are compared with."""
    with unit_of_work():
        statement = select(EvalResult.case_id, EvalResult.outcome).where(
            EvalResult.run_id == run_id
        )
        rows = current_session().execute(statement).all()
    return {case_id: Outcome.from_json(outcome) for case_id, outcome in rows}


def _store(run_id: UUID, one: Judged) -> None:
    """Store what came of a case. Raises `RunEnded` where the run was called off meanwhile."""
    with unit_of_work() as session:
        is_open = EvalRun.status == RunStatus.RUNNING.value
        session.add(
            EvalResult(
                run_id=run_id,
                case_id=one.case.id,
                category=one.case.query.category,
                split=one.case.query.split.value,
                passes=one.passes,
                asked=one.case.query.as_json(),
                expected=one.case.expected.as_json(),
                outcome=one.outcome.as_json(),
            )
        )
        session.flush()
        done = select(func.count()).where(EvalResult.run_id == run_id).scalar_subquery()
        found = session.scalar(
            update(EvalRun)
            .where(EvalRun.id == run_id, is_open)
            .values(cases_done=done)
            .returning(EvalRun.id)
            .execution_options(synchronize_session=False)
        )
        if found is None:
            raise RunEnded("It was called off.")
