"""From several loads to one judgement."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_high

from components.budgets import Budgets, PageBudget
from tests.budgets.measuring import Measured

NAMES = tuple(field.name for field in dataclasses.fields(PageBudget))


@dataclass(frozen=True)
class Verdict:
    """What a page cost in each round, in the middle of them, and where that is too much.

    A page that could not be measured has no middle, and a breach that says why.
    """

    route: str
    who: str
    rounds: tuple[Measured, ...]
    middle: Measured | None
    breaches: tuple[str, ...]
    is_second_try: bool = False


def judge(route: str, who: str, rounds: Sequence[Measured], budgets: Budgets) -> Verdict:
    """Compare the median of each number, of two the higher, with the budget of the page."""
    middle = Measured(**{name: median_high(getattr(one, name) for one in rounds) for name in NAMES})
    budget = budgets.of_route(route)
    breaches = tuple(
        f"{name} is {getattr(middle, name):g}{_where(name, rounds)};"
        f" the budget is {getattr(budget, name):g}"
        for name in NAMES
        if getattr(middle, name) > getattr(budget, name)
    )
    return Verdict(route, who, tuple(rounds), middle, breaches)


def _where(name: str, rounds: Sequence[Measured]) -> str:
    worst = max(rounds, key=lambda one: getattr(one, name))
    place = worst.places.get(name.removesuffix("_ms"))
    return f" ({place})" if place else ""
