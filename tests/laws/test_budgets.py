"""The law of interaction budgets: the app does not start with a page that asks too much."""

import dataclasses

import pytest

from app.boot.budgets import (
    MAX_COLUMNS,
    MAX_FILTERS,
    MAX_PLACES,
    OverBudgetError,
    demand_budgets,
)
from app.kernel.collections.declaration import COLLECTIONS
from app.shell.navigation import PLACES

pytestmark = pytest.mark.law


def test_app_is_within_its_budgets(app):
    demand_budgets(app)
    assert len(PLACES) <= MAX_PLACES


@pytest.mark.parametrize(("part", "limit"), [("columns", MAX_COLUMNS), ("filters", MAX_FILTERS)])
def test_app_refuses_to_start_with_a_list_over_budget(app, monkeypatch, part, limit):
    people = COLLECTIONS["people"]
    one = getattr(people, part)[0]
    monkeypatch.setitem(
        COLLECTIONS, "people", dataclasses.replace(people, **{part: (one,) * (limit + 1)})
    )
    with pytest.raises(OverBudgetError, match=part):
        demand_budgets(app)
