"""A few of the shipped cases, in worlds that hold just their days."""

import pytest

from app.evals import case_sets, cli, job
from app.evals.scenes.programme import programme
from app.evals.worlds import open_worlds
from tests.summaries.conftest import ask, drafted

# Fixtures of summaries, for the cases that come of reviews.
__all__ = ["ask", "drafted", "few"]


def some_cases(every=31):
    """Every so-manieth case, and what the twins among them are twins of."""
    whole = programme().cases
    chosen = {case.id: case for case in whole[::every]}
    twins = {case.query.twin_of for case in chosen.values()} - {None}
    return tuple(case for case in whole if case.id in chosen or case.id in twins)


def logs_of(cases):
    """The events of the days that the cases are about, in both worlds."""
    days = {(case.query.start.date()) for case in cases}
    return {
        world: tuple(event for event in events if event.occurred_at.date() in days)
        for world, events in programme().events.items()
    }


@pytest.fixture
def few(app, monkeypatch):
    """Let a run be over a few cases; a tenth of them takes a tenth of the time."""
    cases = some_cases()
    logs = logs_of(cases)
    monkeypatch.setattr(case_sets, "shipped_cases", lambda: cases)
    for module in (job, cli):
        monkeypatch.setattr(module, "open_worlds", lambda: open_worlds(logs))
    with app.app_context():
        open_worlds(logs)
    return cases
