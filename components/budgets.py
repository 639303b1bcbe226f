"""What a page may weigh and how long it may take: the numbers of `budgets.json`.

`contract` is what the product promises, `files` and `pages` are stricter and fail the build.
`routes` holds, by route template, what one page needs of its own, and why.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

BUDGETS: Final = Path(__file__).parent / "budgets.json"


class BudgetFileError(ValueError):
    """`budgets.json` holds something that is no budget; the message says where and how to mend."""


@dataclass(frozen=True, slots=True)
class FileBudget:
    """Bytes after gzip of all scripts, all stylesheets and all icons."""

    js_gz: int
    css_gz: int
    sprite_gz: int


@dataclass(frozen=True, slots=True)
class PageBudget:
    """What one page may cost.

    `lcp_ms` and `inp_ms` in milliseconds, `cls` a score, all three on a throttled machine;
    `html_gz` in bytes after gzip, `dom_nodes` elements, `requests` with the page itself,
    `third_parties` requests to others.
    """

    lcp_ms: float
    inp_ms: float
    cls: float
    html_gz: int
    dom_nodes: int
    requests: int
    third_parties: int


@dataclass(frozen=True, slots=True)
class Budgets:
    """All budgets; `of_route` knows which page has its own."""

    files: FileBudget
    pages: PageBudget
    routes: Mapping[str, PageBudget]

    def of_route(self, route: str) -> PageBudget:
        """The budget of a page, by its route template."""
        return self.routes.get(route, self.pages)


def read_budgets(path: Path = BUDGETS) -> Budgets:
    """The budgets of a file; raises BudgetFileError for what is missing, unknown or too generous.

    Too generous is whatever exceeds the contract of the same file.
    """
    raw: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    missing = {"contract", "files", "pages", "routes"} ^ raw.keys()
    if missing:
        raise BudgetFileError(f"{path.name}: {', '.join(sorted(missing))} is missing or unknown.")
    pages = _numbers(raw["pages"], _names(PageBudget), f"{path.name}: pages")
    files = _numbers(raw["files"], _names(FileBudget), f"{path.name}: files")
    routes = {}
    for route, own in raw["routes"].items():
        where = f"{path.name}: routes {route}"
        changed = {key: value for key, value in own.items() if key != "why"}
        if not str(own.get("why", "")).strip() or not changed:
            raise BudgetFileError(f"{where}: write the numbers of its own, and `why`.")
        routes[route] = _numbers({**pages, **changed}, _names(PageBudget), where)
    for where, numbers in {"files": files, "pages": pages, **routes}.items():
        _demand_contract(raw["contract"], numbers, f"{path.name}: {where}")
    return Budgets(
        FileBudget(**files),
        PageBudget(**pages),
        MappingProxyType({route: PageBudget(**own) for route, own in routes.items()}),
    )


def _names(kind: type[FileBudget | PageBudget]) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(kind))


def _numbers(raw: Mapping[str, Any], names: frozenset[str], where: str) -> dict[str, Any]:
    for name in sorted(names ^ raw.keys()):
        known = "is missing" if name in names else f"is unknown; known: {', '.join(sorted(names))}"
        raise BudgetFileError(f"{where}: {name} {known}.")
    for name, value in raw.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            raise BudgetFileError(f"{where}: {name} is {value!r}; write a number, 0 or more.")
    return dict(raw)


def _demand_contract(
    contract: Mapping[str, float], numbers: Mapping[str, float], where: str
) -> None:
    for name, promised in contract.items():
        if numbers.get(name, 0) > promised:
            raise BudgetFileError(
                f"{where}: {name} is {numbers[name]}, and the contract promises {promised}."
            )
