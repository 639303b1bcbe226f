"""Calling off and ending runs."""

from uuid import UUID

from app.evals.case_files import hash_cases
from app.evals.case_sets import cases_of_tenant
from app.evals.errors import RunEnded
from app.evals.gates import compare, decide
from app.evals.metrics import by_category, measure
from app.evals.models import EvalRun
from app.evals.queries import (
    find_champion,
    judged_of,
    list_results,
    passes_of,
)
from app.evals.run_tuple import RunTuple, tuple_of
from app.evals.states import RunStatus
from app.gateway.choices.policy import Choice, get_policy
from app.gateway.gateway import gateway_settings
from app.gateway.prompt_files import Prompt, load_prompt
from app.gateway.releases import current_version
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.records import lock_record
from app.summaries.claims.verifier import VERIFIER_VERSION
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=Permission.EVALUATION_CREATE, audit=AuditTag.EVALUATION_CANCELLED)
def cancel_run(actor: Actor, run_id: UUID, reason: str | None = None) -> Done[None]:
    """Call a run off; the worker stops before its next case. Raises `RunEnded`, `NotFound`."""
    del actor  # recorded by the wrapper
    run = lock_open(run_id)
    before = run.status
    _end(run, RunStatus.CANCELLED)
    changes = {"status": Change(before, run.status)}
    return Done(None, targets=(target_of(run),), reason=reason, changes=changes)


@command(requires=Permission.EVALUATION_CREATE, audit=AuditTag.EVALUATION_FINISHED)
def finish_run(actor: Actor, run_id: UUID) -> Done[None]:
    """End a run whose cases are all there: metrics, comparison and the gate's verdict.

    Raises `RunEnded`, `NotFound`.
    """
    del actor  # recorded by the wrapper
    run = lock_open(run_id)
    all_judged = judged_of(list_results(run_id))
    metrics = measure(all_judged)
    champion = _champion(run)
    comparison = None
    if champion is not None:
        comparison = compare(
            passes_of(champion.id), {one.case.id: one.passes for one in all_judged}
        )
    verdict = decide(metrics, all_judged, comparison)
    run.metrics = {**metrics, "by_category": by_category(all_judged)}
    run.errors = metrics["n_errors"]
    run.champion_id = None if champion is None else champion.id
    run.comparison = None if comparison is None else comparison.as_json()
    run.regressed = comparison is not None and comparison.is_regression
    run.reasons = list(verdict.reasons)
    status = RunStatus.PASSED if verdict.passed else RunStatus.FAILED
    _end(run, status if verdict.is_sound else RunStatus.BROKEN)
    return Done(
        None,
        targets=(target_of(run),),
        reason=" ".join(verdict.reasons)[:_LONGEST_REASON] or None,
        metadata={"status": run.status, "cases": run.cases_done, "errors": run.errors},
    )


def tuple_now(prompt: Prompt, model: Choice) -> RunTuple:
    """Return the tuple of a prompt with a model as everything is now, in the tenant in scope."""
    return tuple_of(prompt, model, hash_cases(cases_of_tenant()), VERIFIER_VERSION)


def model_in_use() -> Choice:
    """Return the model that the tenant in scope asks first."""
    settings = gateway_settings()
    first = settings.first
    return get_policy().chosen or Choice(first.name, first.models[0].name)


def lock_open(run_id: UUID) -> EvalRun:
    """Return a run that has not ended, locked. Raises `RunEnded`, `NotFound`."""
    run = lock_record(EvalRun, run_id)
    if not RunStatus(run.status).is_open:
        raise RunEnded("This run has ended already. Reload the page to see how.")
    return run


def target_of(run: EvalRun) -> Target:
    """Return the run as the audit log names it."""
    return Target("evaluation", str(run.id), f"{run.prompt_name}@v{run.prompt_version}")


_LONGEST_REASON = 500


def _champion(run: EvalRun) -> EvalRun | None:
    """Return the newest run of what is in force, which another version is compared with."""
    reference = current_version(run.tenant_id, run.prompt_name)
    in_force = load_prompt(reference)
    return find_champion(run, in_force.version, in_force.sha256)


def _end(run: EvalRun, status: RunStatus) -> None:
    run.status = status.value
    run.finished_at = clock.now()
