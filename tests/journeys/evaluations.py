"""Evaluations and proposals of the demonstration: rows stand for runs, which take minutes."""

import datetime as dt
from collections.abc import Mapping

from app import create_app
from app.boot.settings import Settings
from app.kernel import clock
from app.kernel.routing import database
from app.tenancy.queries import find_tenant
from tests.factories.evals import EvalResultFactory, PromptReleaseFactory
from tests.laws.evaluation_scenes import CANDIDATE, IN_FORCE, evidence
from tests.support.worlds import World


def tell_evaluations(environment: Mapping[str, str]) -> None:
    """Tell of a candidate that came into force, and of a proposal to leave it again."""
    app = create_app(Settings.from_environment(environment))
    with app.app_context(), database().session():
        world = World(app, find_tenant("alder"))
    passed = evidence(world, CANDIDATE)
    world.make(EvalResultFactory, run_id=passed.id, passes=False)
    decided = {
        "status": "released",
        "decided_by": "another",
        "decided_by_name": "Another",
        "decided_at": clock.now() - dt.timedelta(minutes=1),
    }
    _propose(world, passed, **decided)
    _propose(world, evidence(world, IN_FORCE, champion_id=passed.id))
    with app.app_context():
        database().engine.dispose()


def _propose(world, run, **values):
    of_run = {
        "run_id": run.id,
        "prompt_hash": run.prompt_hash,
        "tuple_hash": run.tuple_hash,
        "version": run.prompt_version,
    }
    world.make(PromptReleaseFactory, **of_run, **values)
