"""Runs axe in a page: what it finds wrong, and what it cannot decide and nobody explained."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

from tests.browser.probes import Finding

# axe comes with its package; it is injected by the debugger, so no policy of a page is loosened.
SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations", "incomplete"]})
    .then(({violations, incomplete}) => ({violations, incomplete}))"""


def run_axe(page: Page) -> tuple[list[Finding], list[Finding]]:
    """Return what axe finds wrong on a page as it is now, and what it cannot decide."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(SOURCE)
    answer = page.evaluate(_RUN, RULES)
    return list(_read(answer["violations"])), list(_read(answer["incomplete"]))


def _read(results: list[Mapping]) -> Iterator[Finding]:
    for result in results:
        for node in result["nodes"]:
            checks = [*node["any"], *node["all"], *node["none"]]
            words = "; ".join(check["message"] for check in checks) or result["help"]
            yield Finding(result["id"], " ".join(map(str, node["target"])), words)
