"""The net of sizes, and the file it takes its numbers from."""

import dataclasses
import json

import pytest

from components.budgets import BUDGETS, BudgetFileError, FileBudget, read_budgets
from components.lint import sizes
from components.lint.sizes import check_sizes
from components.registry import Registry

REGISTRY = Registry.load()
DESIGN = {"dom_nodes": 4000, "why": "It shows every example."}


@pytest.fixture
def written(tmp_path):
    """Write the committed budgets with changes; return the file."""

    def write(**parts):
        path = tmp_path / "budgets.json"
        path.write_text(json.dumps(json.loads(BUDGETS.read_text("utf-8")) | parts), "utf-8")
        return path

    return write


@pytest.fixture
def tight(monkeypatch):
    """Let the files of the app have no more than so many bytes."""

    def tighten(**files):
        budgets = read_budgets()
        tighter = dataclasses.replace(budgets.files, **files)
        changed = dataclasses.replace(budgets, files=tighter)
        monkeypatch.setattr(sizes, "read_budgets", lambda: changed)

    return tighten


def test_files_are_within_their_budgets():
    assert check_sizes(REGISTRY) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("js_gz", "the script"), ("css_gz", "the stylesheet"), ("sprite_gz", "the sprite")],
)
def test_file_over_its_budget_is_found(tight, name, words):
    tight(**{name: 100})
    (finding,) = check_sizes(REGISTRY)
    assert (finding.rule, finding.file) == ("size", "components/budgets.json")
    assert finding.problem.startswith(words)
    assert "at most 100" in finding.problem


def test_script_over_its_own_contract_is_found():
    greedy = dataclasses.replace(REGISTRY.contracts["drawer"], js_budget_gz=10)
    registry = Registry({**REGISTRY.contracts, "drawer": greedy})
    (finding,) = check_sizes(registry)
    assert (finding.rule, finding.file) == ("script-size", "drawer.js")
    assert "js.budget_gz in drawer.yaml" in finding.mend


def test_missing_browser_file_is_a_finding_and_no_stack_trace(monkeypatch, tmp_path):
    monkeypatch.setattr("components.assets.VENDOR", tmp_path)
    (finding,) = check_sizes(REGISTRY)
    assert "htmx.min.js is missing" in finding.problem


def test_broken_budgets_are_a_finding(monkeypatch, written):
    path = written(pages={})
    monkeypatch.setattr(sizes, "read_budgets", lambda: read_budgets(path))
    (finding,) = check_sizes(REGISTRY)
    assert finding.rule == "budgets"


def test_our_budgets_are_the_ones_that_were_promised():
    budgets = read_budgets()
    pages = budgets.pages
    assert budgets.files == FileBudget(js_gz=40_000, css_gz=20_000, sprite_gz=6_000)
    assert (pages.lcp_ms, pages.inp_ms, pages.cls) == (1200, 100, 0.02)
    assert (pages.html_gz, pages.dom_nodes, pages.requests) == (30_000, 1500, 8)
    assert pages.third_parties == 0


def test_page_may_have_numbers_of_its_own(written):
    budgets = read_budgets(written(routes={"/design": DESIGN}))
    assert budgets.of_route("/design").dom_nodes == 4000
    assert budgets.of_route("/design").lcp_ms == budgets.pages.lcp_ms
    assert budgets.of_route("/elsewhere") == budgets.pages


FORBIDDEN = {
    "no reason": {"routes": {"/design": {"dom_nodes": 4000}}},
    "empty reason": {"routes": {"/design": {"dom_nodes": 4000, "why": " "}}},
    "nothing of its own": {"routes": {"/design": {"why": "It is large."}}},
    "unknown number": {"routes": {"/design": {"lcp": 2000, "why": "It is large."}}},
    "more than the contract": {"routes": {"/design": {"lcp_ms": 2501, "why": "It is large."}}},
    "no number": {"routes": {"/design": {"lcp_ms": "2 s", "why": "It is large."}}},
    "a truth": {"routes": {"/design": {"lcp_ms": True, "why": "It is large."}}},
    "less than nothing": {"routes": {"/design": {"cls": -1, "why": "It is large."}}},
    "an unknown part": {"rules": {}},
    "too much script": {"files": {"js_gz": 170_001, "css_gz": 1, "sprite_gz": 1}},
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_budget_that_is_none_is_explained(written, what):
    with pytest.raises(BudgetFileError, match=r"budgets\.json"):
        read_budgets(written(**FORBIDDEN[what]))
