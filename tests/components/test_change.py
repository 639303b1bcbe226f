"""Nothing that pages rely on changes without a version that says so, and a line about it."""

import json

import pytest

from components.change.compare import Step, compare, next_version, step_between
from components.change.lock import check_lock, judge, write_lock
from components.registry import Registry
from tests.components.contract_sets import patched
from tests.components.workshop import Workshop

STEPS = {
    "nothing": ({}, {}, Step.NONE),
    "prop added": ({}, {"lamp/props/hint": {"type": "str"}}, Step.MINOR),
    "required prop added": ({}, {"lamp/props/hint": {"type": "str", "required": True}}, Step.MAJOR),
    "prop removed": ({}, {"lamp/props/text": None}, Step.MAJOR),
    "prop of another type": ({}, {"lamp/props/text/type": "text"}, Step.MAJOR),
    "props of another": (
        {"lamp/props/header": {"type": "props", "of": "page_header"}},
        {"lamp/props/header": {"type": "props", "of": "panel"}},
        Step.MAJOR,
    ),
    "prop became required": ({}, {"lamp/props/tone/required": True}, Step.MAJOR),
    "prop became optional": ({}, {"lamp/props/text/required": None}, Step.MINOR),
    "another default": ({}, {"lamp/props/tone/default": "off"}, Step.MINOR),
    "value added": ({}, {"lamp/props/tone/values": ["on", "off", "dim"]}, Step.MINOR),
    "value removed": ({}, {"lamp/props/tone/values": ["on"]}, Step.MAJOR),
    "values in another order": ({}, {"lamp/props/tone/values": ["off", "on"]}, Step.NONE),
    "shorter limit": ({}, {"lamp/props/text/max_len": 79}, Step.MAJOR),
    "longer limit": ({}, {"lamp/props/text/max_len": 81}, Step.MINOR),
    "no limit any more": ({}, {"lamp/props/text/max_len": None}, Step.MINOR),
    "limit where there was none": ({}, {"lamp/props/tone/max_len": 9}, Step.MAJOR),
    "field added": ({}, {"lamp/props/items/fields/href": {"type": "url"}}, Step.MINOR),
    "required field added": (
        {},
        {"lamp/props/items/fields/href": {"type": "url", "required": True}},
        Step.MAJOR,
    ),
    "field removed": ({}, {"lamp/props/items/fields/label": None}, Step.MAJOR),
    "field of another type": ({}, {"lamp/props/items/fields/label/type": "int"}, Step.MAJOR),
    "shorter field": ({}, {"lamp/props/items/fields/label/max_len": 40}, Step.MAJOR),
    "field inside a field added": (
        {"lamp/props/items/fields/link": {"type": "object", "fields": {}}},
        {"lamp/props/items/fields/link": {"type": "object", "fields": {"href": {"type": "url"}}}},
        Step.MINOR,
    ),
    "slot added": ({}, {"lamp/slots": ["body", "foot"]}, Step.MINOR),
    "slot removed": ({}, {"lamp/slots": []}, Step.MAJOR),
    "state added": ({}, {"lamp/states": ["lit", "dim"]}, Step.MINOR),
    "class added": ({}, {"lamp/classes": ["ds-lamp", "ds-lamp__bulb"]}, Step.MINOR),
    "class removed": ({}, {"lamp/classes": []}, Step.MINOR),
    "another status": ({}, {"lamp/status": "beta"}, Step.MINOR),
    "another kind": ({}, {"lamp/kind": "pattern"}, Step.MAJOR),
    "deprecated": (
        {},
        {"lamp/deprecated": {"since": "0.2.0", "remove_in": "0.9.0"}},
        Step.MINOR,
    ),
    "value retiring": (
        {},
        {"lamp/props/tone/retiring": {"off": {"since": "0.2.0", "remove_in": "0.9.0"}}},
        Step.MINOR,
    ),
    "another stylesheet": ({}, {"lamp/looks": "dddd"}, Step.PATCH),
    "a script": ({}, {"lamp/behaviour": "dddd"}, Step.PATCH),
    "another template": ({}, {"lamp/markup": "dddd"}, Step.PATCH),
    "other HTML": ({}, {"lamp/examples/lit": "dddd"}, Step.PATCH),
    "example added": ({}, {"lamp/examples/dark": "dddd"}, Step.NONE),
    "example removed": ({}, {"lamp/examples/lit": None}, Step.PATCH),
    "component added": ({"lamp": None}, {}, Step.NONE),
    "component removed": ({}, {"lamp": None}, Step.MAJOR),
    "token value": ({}, {"tokens/tokens/--space-1/light": "5px"}, Step.PATCH),
    "token of another type": ({}, {"tokens/tokens/--space-1/type": "number"}, Step.MAJOR),
    "token serves more": ({}, {"tokens/tokens/--space-1/scopes": ["gap", "margin"]}, Step.MINOR),
    "token serves less": ({}, {"tokens/tokens/--space-1/scopes": []}, Step.MAJOR),
    "token removed": ({}, {"tokens/tokens/--space-1": None}, Step.MAJOR),
    "token deprecated": (
        {},
        {"tokens/tokens/--space-1/deprecated": {"since": "0.2.0", "remove_in": "0.9.0"}},
        Step.MINOR,
    ),
}
DECLARED = {
    "patch": ({}, {"lamp/version": "1.2.1", "lamp/looks": "dddd"}),
    "a bigger step than needed": ({}, {"lamp/version": "1.3.0", "lamp/looks": "dddd"}),
    "new version and nothing else": ({}, {"lamp/version": "1.2.1"}),
    "prop removed in its release": (
        {"lamp/props/tone/deprecated": {"since": "0.1.0", "remove_in": "0.3.0"}},
        {"lamp/version": "2.0.0", "lamp/props/tone": None},
    ),
    "value removed after its release": (
        {"lamp/props/tone/retiring": {"off": {"since": "0.1.0", "remove_in": "0.2.0"}}},
        {"lamp/version": "2.0.0", "lamp/props/tone/values": ["on"]},
    ),
    "component removed in its release": (
        {"lamp/deprecated": {"since": "0.1.0", "remove_in": "0.3.0"}},
        {"lamp": None},
    ),
    "deprecation with time": (
        {},
        {
            "lamp/version": "1.3.0",
            "lamp/props/tone/deprecated": {"since": "0.3.0", "remove_in": "0.4.0"},
        },
    ),
    "deprecation taken back": (
        {"lamp/deprecated": {"since": "0.1.0", "remove_in": "0.2.0"}},
        {"lamp/version": "1.3.0"},
    ),
}
RELEASE = "0.3.0"


@pytest.mark.parametrize(("old", "new", "step"), STEPS.values(), ids=STEPS)
def test_change_needs_its_step(old, new, step):
    kept = {place: value for place, value in old.items() if value is not None}
    changes = compare(patched(old), patched({**kept, **new}))
    assert max((change.step for change in changes), default=Step.NONE) is step
    assert all(change.what for change in changes)


@pytest.mark.parametrize(("old", "new"), DECLARED.values(), ids=DECLARED)
def test_change_that_is_declared_passes(old, new):
    after = patched(new)
    logs = {name: frozenset({str(entry["version"])}) for name, entry in after.items()}
    assert judge(patched(old), after, logs, RELEASE) == []


def test_finding_names_the_version_that_it_takes():
    logs = {"lamp": frozenset({"1.2.0"})}
    (found,) = judge(patched({}), patched({"lamp/slots": []}), logs, RELEASE)
    assert str(found) == (
        "lamp.yaml:0: unbumped: lamp 1.2.0 became 1.2.0, which is no major step: "
        "slot body was removed. Set the version to 2.0.0."
    )


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ("1.2.3", "1.2.3", Step.NONE),
        ("1.2.3", "1.2.4", Step.PATCH),
        ("1.2.3", "1.3.0", Step.MINOR),
        ("1.2.3", "2.0.0", Step.MAJOR),
        ("1.2.3", "1.1.9", Step.NONE),
        ("1.9.0", "1.10.0", Step.MINOR),
    ],
)
def test_step_between_versions(before, after, step):
    assert step_between(before, after) is step


def test_next_version_is_the_least_that_takes_the_step():
    steps = (Step.PATCH, Step.MINOR, Step.MAJOR)
    assert [next_version("1.2.3", step) for step in steps] == ["1.2.4", "1.3.0", "2.0.0"]


def rules(workshop):
    return {finding.rule for finding in check_lock(workshop.registry())}


def test_changed_looks_want_a_version_a_line_and_the_lock(workshop: Workshop):
    assert check_lock(workshop.registry()) == []
    workshop.edit("badge.css", "display:", "visibility: visible; display:")
    assert rules(workshop) == {"unbumped"}
    workshop.set_version("badge", "9.0.0")
    assert rules(workshop) == {"unlogged"}
    workshop.log("badge", "9.0.0", " ")
    assert rules(workshop) == {"unlogged"}
    workshop.log("badge", "9.0.0", "It can be seen.")
    assert rules(workshop) == {"stale-lock"}
    assert "is locked" in workshop.run("lock").output
    assert check_lock(workshop.registry()) == []


def test_space_and_comments_are_no_change(workshop):
    workshop.edit("badge.css", "\n", "\n\n/* nothing */\n")
    workshop.edit("badge.html", "{% macro", "{# nothing #}\n{% macro")
    assert check_lock(workshop.registry()) == []


def test_html_that_no_example_shows_is_a_change(workshop):
    workshop.edit("badge.html", "</span>", "{% if text == 'x' %}!{% endif %}</span>")
    assert rules(workshop) == {"unbumped"}


def test_lock_is_not_written_over_an_undeclared_change(workshop):
    before = workshop.lock.read_text()
    workshop.edit("badge.yaml", "neutral, info", "neutral, loud, info")
    done = workshop.run("lock")
    assert done.exit_code == 1
    assert "unbumped" in done.output
    assert workshop.lock.read_text() == before


def test_lock_edited_by_hand_does_not_hide_a_change(workshop):
    workshop.edit("badge.yaml", "neutral, info", "neutral, loud, info")
    write_lock(workshop.registry())
    found = check_lock(workshop.registry())
    assert [(one.rule, one.file) for one in found] == [("unbumped", "badge.yaml")]


def test_lock_deleted_and_made_anew_does_not_hide_a_change(workshop):
    workshop.edit("badge.yaml", "neutral, info", "neutral, loud, info")
    workshop.lock.unlink()
    assert workshop.run("lock").exit_code == 1
    assert not workshop.lock.exists()


def test_lock_that_was_committed_with_a_hidden_change_is_found_from_the_base(workshop):
    """So does continuous integration, which compares with the commit before."""
    workshop.edit("badge.yaml", "neutral, info", "neutral, loud, info")
    write_lock(workshop.registry())
    workshop.commit()
    assert check_lock(workshop.registry()) == []
    done = workshop.run("diff", "HEAD^")
    assert done.exit_code == 1
    assert "prop tone takes the value loud" in done.output
    assert "unbumped" in done.output


def test_lock_is_enough_where_there_is_no_git(workshop):
    workshop.forget_git()
    assert check_lock(workshop.registry()) == []
    workshop.edit("badge.yaml", "neutral, info", "neutral, loud, info")
    assert rules(workshop) == {"unbumped"}


def test_lock_with_the_marks_of_a_merge_is_named(workshop):
    workshop.lock.write_text("<<<<<<< HEAD\n" + workshop.lock.read_text(), "utf-8")
    (found,) = check_lock(workshop.registry())
    assert (found.rule, found.line) == ("lock-file", 1)


def test_example_that_breaks_its_contract_is_named(workshop):
    workshop.edit("badge.yaml", "text: draft", "txt: draft")
    (found,) = check_lock(workshop.registry())
    assert found.rule == "example"
    assert "no prop 'txt'" in found.problem


def test_difference_names_node_versions_step_and_change(workshop):
    workshop.edit("badge.yaml", "neutral, info", "neutral, loud, info")
    before = json.loads(workshop.lock.read_text())["badge"]["version"]
    workshop.set_version("badge", "9.0.0")
    workshop.log("badge", "9.0.0", "It may be loud.")
    done = workshop.run("diff", "HEAD")
    assert done.exit_code == 0
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("badge")]
    assert line.split() == f"badge {before} → 9.0.0 minor prop tone takes the value loud".split()


@pytest.mark.parametrize("base", ["no-such-commit", "HEAD~99"])
def test_difference_from_nowhere_is_one_clear_line(workshop, base):
    done = workshop.run("diff", base)
    assert done.exit_code == 1
    assert "There is no lock at" in done.stderr
    assert "Traceback" not in done.output


def test_difference_from_a_broken_lock_is_one_clear_line(workshop):
    workshop.lock.write_text("{", "utf-8")
    workshop.commit()
    done = workshop.run("diff", "HEAD")
    assert done.exit_code == 1
    assert "is not JSON" in done.stderr


def test_lock_that_was_written_is_what_is_read(workshop):
    write_lock(workshop.registry())
    assert check_lock(Registry.load()) == []
