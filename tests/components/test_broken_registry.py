"""On a design system that does not hold together the app does not start, and says why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import components
from app import create_app
from components.lint.check import check_all
from components.structure import CAPS

HERE = Path(components.__file__).parent.parent
NEEDED = ("app", "components", "seeds", "pyproject.toml")
# What is broken: a file of the design system, what stands there and what is written instead; and
# what the refusal names, besides how to mend it.
BREAKS = {
    "type": ("badge.yaml", "type: text", "type: colour", "badge.yaml: props[0].type", "Allowed: "),
    "prop": ("badge.yaml", "name: text", "name: html", "badge.yaml: props[0].name", "Choose"),
    "field": ("badge.yaml", "owner:", "ower:", "badge.yaml: file", "unknown field 'ower'"),
    "YAML": ("badge.yaml", "summary:", "summary: {", "badge.yaml: line", "is not YAML"),
    "edge": (
        "notice.yaml",
        "depends_on: [icon]",
        "depends_on: [icon, torch]",
        "edge: notice depends on torch",
        "Run `flask components check`",
    ),
    "layer": (
        "notice.yaml",
        "depends_on: [icon]",
        "depends_on: [icon, form_page]",
        "layer: notice, a component, uses form_page, a pattern",
        "Run `flask components check`",
    ),
    "cycle": ("icon.yaml", "classes:", "depends_on: [notice]\nclasses:", "cycle:", "notice"),
    "owner": ("badge.yaml", "[ds-badge,", "[ds-notice, ds-badge,", "owner: .ds-notice", "badge"),
    "room": (
        "badge.yaml",
        "kind: component",
        "kind: pattern",
        "room: badge",
        "patterns/",
    ),
}


@pytest.mark.parametrize(("file", "before", "after", "names", "also"), BREAKS.values(), ids=BREAKS)
def test_app_does_not_start_and_names_place_and_mend(
    settings, workshop, file, before, after, names, also
):
    workshop.edit(file, before, after)
    with pytest.raises(click.ClickException) as refused:
        create_app(settings)
    assert names in refused.value.message
    assert also in refused.value.message
    (first, *_) = check_all()
    assert first.rule == "contract"
    assert first.fails


def test_app_does_not_start_without_a_template(settings, workshop):
    workshop.file("badge.html").unlink()
    with pytest.raises(click.ClickException, match=r"files: badge has no badge\.html"):
        create_app(settings)


def test_app_does_not_start_beyond_a_cap(settings, workshop, monkeypatch):
    monkeypatch.setitem(CAPS, "pattern", 2)
    with pytest.raises(click.ClickException, match="and the cap is 2; fold one into another"):
        create_app(settings)


def test_every_break_is_named_at_once(workshop):
    workshop.edit("notice.yaml", "depends_on: [icon]", "depends_on: [icon, torch]")
    workshop.file("badge.html").unlink()
    assert [finding.rule for finding in check_all()] == ["contract", "contract"]


@pytest.fixture
def tree(tmp_path) -> Path:
    """A copy of the program, to break and to run."""
    for name in NEEDED:
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, tmp_path / name)
    return tmp_path


def run(tree, *command):
    program = Path(sys.executable).with_name(command[0])
    environment = {"PATH": os.environ["PATH"], "BALLAST_DATA_DIR": str(tree / "data")}
    return subprocess.run(
        [program, *command[1:]], cwd=tree, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_commands_say_it_in_one_line(tree):
    badge = tree / "components" / "ui" / "badge" / "badge.yaml"
    badge.write_text(badge.read_text("utf-8").replace("type: text", "type: colour"), "utf-8")
    with_app = run(tree, "flask", "components", "check")
    assert with_app.returncode == 1
    assert with_app.stderr.startswith("Error: badge.yaml: props[0].type: is 'colour'. Allowed: ")
    assert with_app.stderr.count("\n") == 1
    alone = run(tree, "python", "-m", "components.lint.check")
    assert alone.returncode == 1
    assert alone.stdout.startswith("badge.yaml:0: contract: props[0].type: is 'colour'. Allowed: ")
    assert alone.stdout.endswith("\n1 findings\n")
    assert "Traceback" not in with_app.stderr + alone.stderr


def test_new_content_block_is_complete_from_its_first_minute(tree):
    """From the command to a clean check, in a tree with room for one more."""
    shutil.rmtree(tree / "components" / "blocks" / "steps")
    (tree / "components" / "api.lock.json").unlink()
    made = run(tree, "flask", "components", "new", "reading_lamp", "--kind", "content_block")
    assert made.returncode == 0, made.stderr
    assert [tree / line for line in made.stdout.splitlines()] == [
        tree / "components" / "blocks" / "reading_lamp" / name
        for name in ("reading_lamp.yaml", "reading_lamp.html", "README.md")
    ]
    locked = run(tree, "flask", "components", "lock")
    assert locked.returncode == 0, locked.stdout
    checked = run(tree, "python", "-m", "components.lint.check")
    assert (checked.returncode, checked.stdout) == (0, "0 findings\n")
