"""Reading runs and their results."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select

from app.evals.case_sets import case_from
from app.evals.metrics import Judged, judged
from app.evals.models import EvalResult, EvalRun
from app.evals.outcomes import Outcome
from app.evals.states import RunStatus
from app.kernel.database import current_session

_SOUND = (RunStatus.PASSED.value, RunStatus.FAILED.value)


def find_open_run() -> EvalRun | None:
    """Return the run of the tenant that has not ended, or None."""
    statement = select(EvalRun).where(EvalRun.status.in_(("waiting", "running")))
    return current_session().scalar(statement)


def find_champion(run: EvalRun, version: int, prompt_hash: str) -> EvalRun | None:
    """Return the newest run with an outcome of this version that a run can be compared with.

    That is one with the same model of the same endpoint, over the same cases, by the same verifier.
    """
    statement = (
        select(EvalRun)
        .where(
            EvalRun.prompt_name == run.prompt_name,
            EvalRun.prompt_version == version,
            EvalRun.prompt_hash == prompt_hash,
            EvalRun.endpoint == run.endpoint,
            EvalRun.model == run.model,
            EvalRun.caseset_hash == run.caseset_hash,
            EvalRun.verifier_version == run.verifier_version,
            EvalRun.status.in_(_SOUND),
        )
        .order_by(EvalRun.finished_at.desc())
        .limit(1)
    )
    return current_session().scalar(statement)


def list_runs_of(prompt_name: str, limit: int = 20) -> Sequence[EvalRun]:
    """Return the newest runs of a prompt that ended with an outcome, newest first."""
    statement = (
        select(EvalRun)
        .where(EvalRun.prompt_name == prompt_name, EvalRun.status.in_(_SOUND))
        .order_by(EvalRun.finished_at.desc())
        .limit(limit)
    )
    return current_session().scalars(statement).all()


def list_results(run_id: UUID) -> Sequence[EvalResult]:
    """Return the results of a run so far, in the order of their cases' names."""
    statement = select(EvalResult).where(EvalResult.run_id == run_id).order_by(EvalResult.case_id)
    return current_session().scalars(statement).all()


def list_done(run_id: UUID) -> frozenset[str]:
    """Return the ids of the cases that a run has an outcome of."""
    statement = select(EvalResult.case_id).where(EvalResult.run_id == run_id)
    return frozenset(current_session().scalars(statement))


def judged_of(results: Sequence[EvalResult]) -> tuple[Judged, ...]:
    """Return stored results as they were judged."""
    outcomes = {one.case_id: Outcome.from_json(one.outcome) for one in results}
    return judged((case_from(one.asked, one.expected) for one in results), outcomes)


def passes_of(run_id: UUID) -> Mapping[str, bool]:
    """Return which cases of a run passed, by id."""
    statement = select(EvalResult.case_id, EvalResult.passes).where(EvalResult.run_id == run_id)
    rows = current_session().execute(statement).all()
    return {row.case_id: row.passes for row in rows}


def count_failing(run_id: UUID) -> int:
    """Return how many cases of a run did not pass."""
    statement = select(func.count()).where(EvalResult.run_id == run_id, ~EvalResult.passes)
    return current_session().scalar(statement) or 0
