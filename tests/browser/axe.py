"""Runs axe in a page: what it finds wrong, and what it cannot decide and nobody explained."""

from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.probes import Finding

# axe comes with its package; it is injected by the debugger, so no policy of a page is loosened.
SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_RUN = """rules => axe.run(document, {
        runOnly: rules, resultTypes: ["violations", "incomplete"], elementRef: true,
    }).then(({violations, incomplete}) => [violations, incomplete].map(results =>
        results.flatMap(({id, help, nodes}) => nodes.map(node => ({
            rule: id,
            selector: node.target.join(" "),
            place: node.element?.closest("[data-example]")?.dataset.example ?? "",
            owner: node.element?.closest("[class^=ds-]")?.classList[0] ?? "",
            words: [...node.any, ...node.all, ...node.none].map(check => check.message).join("; ")
                || help,
        })))))"""


@dataclass(frozen=True, order=True)
class Doubt(Finding):
    """What axe says of an element.

    `place` names the example it belongs to, if to one; `owner` is the first class of the nearest
    element that has one of the design system, which says whose it is.
    """

    place: str = ""
    owner: str = ""


def run_axe(page: Page) -> tuple[list[Doubt], list[Doubt]]:
    """Return what axe finds wrong on a page as it is now, and what it cannot decide."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(SOURCE)
    wrong, undecided = page.evaluate(_RUN, RULES)
    return [Doubt(**said) for said in wrong], [Doubt(**said) for said in undecided]
