"""Starting runs."""

from app.audit.tenant_lock import lock_in_tenant
from app.evals.case_sets import cases_of_tenant
from app.evals.errors import RunOpen
from app.evals.job import RUN_JOB
from app.evals.models import EvalRun
from app.evals.queries import find_open_run
from app.evals.run_tuple import RunTuple
from app.evals.service import target_of, tuple_now
from app.evals.states import RunStatus
from app.gateway.choices.policy import Choice, list_choices
from app.gateway.gateway import gateway_settings
from app.gateway.prompt_files import Prompt, load_prompt
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.jobs import defer
from app.kernel.problems import InvalidInput
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

_LOCK = "evaluation-run"


@command(requires=Permission.EVALUATION_CREATE, audit=AuditTag.EVALUATION_STARTED)
def start_run(actor: Actor, *, prompt: str, model: Choice) -> Done[EvalRun]:
    """Start a run of a prompt's version (`audit-summary@v2`) with a model, over all cases.

    The worker makes it; its calls are the tenant's own, and count against its budget for
    evaluations. Raises `RunOpen` while another has not ended, `PromptRefused`, and
    `InvalidInput` for a model that the operator does not offer.
    """
    if model not in list_choices(gateway_settings()):
        raise InvalidInput("The operator of this installation offers no such model.")
    # Of two who start one at once, one does.
    lock_in_tenant(current_session(), _LOCK)
    open_run = find_open_run()
    if open_run is not None:
        raise RunOpen("Another run has not ended yet. Wait for it, or call it off.")
    found = load_prompt(prompt)
    run = _new_run(actor, found, tuple_now(found, model), len(cases_of_tenant()))
    current_session().add(run)
    current_session().flush()
    defer(RUN_JOB, actor, run_id=str(run.id))
    return Done(
        run,
        targets=(target_of(run),),
        metadata={"model": model.words, "cases": run.cases_total, "tuple": run.tuple_hash},
    )


def _new_run(actor: Actor, prompt: Prompt, what: RunTuple, cases: int) -> EvalRun:
    return EvalRun(
        tenant_id=actor.tenant,
        id=uuid7(),
        prompt_name=prompt.name,
        prompt_version=prompt.version,
        prompt_hash=prompt.sha256,
        endpoint=what.endpoint,
        model=what.model,
        parameters=what.parameters,
        retriever=what.retriever,
        snapshot=what.snapshot,
        caseset_hash=what.caseset_hash,
        verifier_version=what.verifier_version,
        tuple_hash=what.sha256,
        status=RunStatus.WAITING.value,
        asked_by=actor.id,
        asked_by_name=actor.name,
        asked_at=clock.now(),
        cases_total=cases,
        cases_done=0,
        errors=0,
        regressed=False,
        reasons=[],
    )
