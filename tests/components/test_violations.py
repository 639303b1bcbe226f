"""Nothing gets past the nets: bad files of every kind, each caught by name and line.

A violation is a small file in `violations/<net>/`. Its first line says which rule must catch it,
and in which line where there are lines. One that a net lets through is a hole in the net.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import components
from components.lint.css import check_stylesheets
from components.lint.graph import check_graph
from components.lint.rendered import check_page
from components.lint.templates import check_templates
from components.tokens.read import load_tokens
from tests.components.seeded import RUN, Nets, list_violations

VIOLATIONS = list_violations()
LEAST = 45
HERE = Path(components.__file__).parent
RUFF = Path(sys.executable).with_name("ruff")
# Where findings are made, and what each is made with: the place of the rule among the arguments.
MAKERS = {"Finding": 2, "finding": 1, "Complaint": 1}
# Rules of the whole set, which no small file can break; each has its test below or beside.
ELSEWHERE = {
    "budgets": "tests/budgets",
    "contract": "test_broken_registry.py",
    "doctype": "below",
    "deprecated-token": "test_tokens.py",
    "example": "test_change.py",
    "foreign-file": "below",
    "lock-file": "test_change.py",
    "script-size": "tests/budgets",
    "size": "tests/budgets",
    "stale-lock": "test_change.py",
}


@pytest.fixture
def nets(registry, manifest, tmp_path) -> Nets:
    return Nets(registry, manifest, tmp_path)


@pytest.mark.parametrize("violation", VIOLATIONS, ids=[one.name for one in VIOLATIONS])
def test_net_catches(violation, nets):
    found = list(RUN[violation.net](violation, nets))
    lines = {finding.line for finding in found if finding.rule == violation.rule}
    assert lines, f"It got through. Found: {[str(finding) for finding in found]}"
    assert violation.line is None or violation.line in lines
    assert all(finding.mend and finding.problem for finding in found)


def test_there_are_many_violations_for_each_net():
    assert len(VIOLATIONS) >= LEAST
    assert {violation.net for violation in VIOLATIONS} == set(RUN)


def test_every_rule_is_broken_by_a_violation():
    """A rule that nobody can break is no rule."""
    broken = {violation.rule for violation in VIOLATIONS}
    rules = set(list_rules())
    assert rules - broken - ELSEWHERE.keys() == set()
    assert ELSEWHERE.keys() <= rules


def list_rules() -> Iterator[str]:
    """Yield the names of all rules, read from the code of the nets."""
    for path in (*(HERE / "lint").glob("*.py"), HERE / "change" / "lock.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _rule_of(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                yield from _rules_of_table(node)
    for node in ast.walk(ast.parse((HERE / "structure.py").read_text("utf-8"))):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.JoinedStr):
            yield str(ast.literal_eval(node.value.values[0])).partition(":")[0]


def _rule_of(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
    place = MAKERS.get(name or "")
    if place is not None and isinstance(call.args[place], ast.Constant):
        yield call.args[place].value


def _rules_of_table(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """Yield the first word of each row of the tables RAW and STRINGS."""
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    prefix = {"RAW": "", "STRINGS": "string-"}.get(getattr(target, "id", ""))
    if prefix is not None and isinstance(node.value, ast.Tuple):
        yield from (prefix + row.elts[0].value for row in node.value.elts)


def test_net_catches_a_file_that_is_no_page(registry, tmp_path):
    (tmp_path / "letter.txt").write_text("{{ words }}", "utf-8")
    (found,) = check_templates([tmp_path], registry)
    assert found.rule == "foreign-file"


def test_net_catches_a_view_that_writes_its_own_html(registry, manifest):
    (found,) = check_page("<h1>Hello</h1>", registry, manifest)
    assert found.rule == "doctype"


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("from markupsafe import Markup", "TID251"),
        ("import markupsafe\nmarkupsafe.Markup(text)", "TID251"),
        ("from markupsafe import Markup as M\nM('<b>' + text)", "S704"),
        ("import flask\nflask.render_template_string(text)", "TID251"),
        ("from flask import render_template_string as draw", "TID251"),
    ],
)
def test_markup_outside_components_is_refused_where_it_is_written(source, rule):
    done = subprocess.run(
        [RUFF, "check", "--output-format=concise", "--stdin-filename", "app/shell/letter.py", "-"],
        input=source, capture_output=True, text=True, cwd=HERE.parent, check=False,
    )  # fmt: skip
    assert f" {rule} " in done.stdout


def test_everything_real_passes(registry):
    folders = sorted((HERE.parent / "app").glob("*/templates"))
    assert [f for f in check_templates(folders, registry) if f.fails] == []
    assert [f for f in check_stylesheets(registry, load_tokens()) if f.fails] == []
    assert [f for f in check_graph(registry) if f.fails] == []
