"""Interaction budgets: the app refuses to start when a page asks too much of its reader."""

from flask import Flask

from app.kernel.collections.declaration import COLLECTIONS
from app.shell.navigation import PLACES

MAX_PLACES = 7
MAX_COLUMNS = 7
MAX_FILTERS = 6
MAX_ROW_ACTIONS = 4


class OverBudgetError(RuntimeError):
    """Something on a page is more than people can take in."""


def demand_budgets(app: Flask) -> None:
    """Raise `OverBudgetError` for what is over budget; product.md's figures, in docs/design.md."""
    del app  # the declarations are module data; the app only says when
    _check("The navigation", "places", len(PLACES), MAX_PLACES)
    for collection in COLLECTIONS.values():
        title = f"The list {collection.name}"
        _check(title, "columns", len(collection.columns), MAX_COLUMNS)
        offered = sum(filter_.is_offered for filter_ in collection.filters)
        _check(title, "filters", offered, MAX_FILTERS)
        _check(title, "row actions", len(collection.row_actions), MAX_ROW_ACTIONS)


def _check(what: str, of_what: str, count: int, limit: int) -> None:
    if count > limit:
        raise OverBudgetError(
            f"{what} has {count} {of_what}; the budget is {limit}. Leave one out."
        )
