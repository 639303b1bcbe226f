"""Scenes for the commands of evaluations and prompts."""

from datetime import timedelta

from app.evals.promotion import find_open
from app.evals.service import model_in_use, tuple_now
from app.gateway.choices.policy import Choice
from app.gateway.prompt_files import load_prompt
from app.kernel import clock
from app.kernel.database import unit_of_work
from tests.factories.evals import EvalResultFactory, EvalRunFactory, PassedRunFactory
from tests.factories.evals import PromptReleaseFactory as ReleaseFactory
from tests.factories.summaries import SummaryClaimFactory, SummaryFactory

CANDIDATE = "audit-summary@v3"
IN_FORCE = "audit-summary@v2"


def evidence(world, version=CANDIDATE, **values):
    """A passed run of a version as everything is now, compared with what is in force."""
    with world.session(), unit_of_work():
        prompt, model = load_prompt(version), model_in_use()
        what = tuple_now(prompt, model)
    of_run = {
        "prompt_version": prompt.version,
        "prompt_hash": prompt.sha256,
        "endpoint": model.endpoint,
        "model": model.model,
        "caseset_hash": what.caseset_hash,
        "tuple_hash": what.sha256,
    }
    if version == CANDIDATE and "champion_id" not in values:
        of_run["champion_id"] = evidence(world, IN_FORCE).id
    return world.make(PassedRunFactory, **(of_run | values))


def proposal(world, **values):
    """A proposal with its evidence, made by nobody in particular."""
    run = evidence(world)
    of_run = {
        "run_id": run.id,
        "prompt_hash": run.prompt_hash,
        "tuple_hash": run.tuple_hash,
        "version": run.prompt_version,
    }
    return world.make(ReleaseFactory, **(of_run | values))


def run_to_start(_world):
    return (), {"prompt": IN_FORCE, "model": Choice("extractive", "extractive@2")}


def run_under_way(world):
    return (world.make(EvalRunFactory).id,), {}


def run_to_finish(world):
    run = world.make(EvalRunFactory, status="running", cases_done=1)
    world.make(EvalResultFactory, run_id=run.id)
    return (run.id,), {}


def rejected_summary(world):
    """A rejection that teaches one thing."""
    summary = world.make(
        SummaryFactory,
        status="rejected",
        decided_by="somebody",
        decided_by_name="Somebody",
        decided_at=clock.now(),
        decision_reason_code="missing",
    )
    world.make(SummaryClaimFactory, summary_id=summary.id)
    return (summary.id,), {}


def version_to_propose(world):
    return (evidence(world).id, "It says less about ordinary work."), {}


def version_to_decide(world):
    return (proposal(world).id, "Passed, and nothing newly fails."), {}


def version_to_withdraw(world):
    return (proposal(world).id,), {}


def version_in_force(world):
    before = clock.now() - timedelta(minutes=1)
    decided = {"decided_by": "another", "decided_by_name": "Another", "decided_at": before}
    proposal(world, status="released", **decided)
    return ("audit-summary", "Reviewers reject more than before."), {}


def run_with_case(world):
    """A run that has an outcome; its cases are known by one name."""
    run = world.make(EvalRunFactory, status="running")
    world.make(EvalResultFactory, run_id=run.id)
    return run.id


def open_proposal(world):
    """The proposal of the tenant that waits, of which there is one at a time."""
    from_before = _waiting(world)
    return from_before if from_before is not None else proposal(world).id


def _waiting(world):
    with world.session():
        found = find_open("audit-summary")
    return None if found is None else found.id
