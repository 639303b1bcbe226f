"""What was published of the app's own types never changes unseen."""

import json

import pytest

from app.audit.event_types.lock import (
    BaseMissing,
    list_changes,
    list_findings,
    list_unlocked,
    lock_of,
    read_lock,
    read_lock_at,
)
from app.audit.event_types.own import FOLDER, read_types


@pytest.fixture
def folder(tmp_path):
    """A copy of the contracts to change."""
    for path in FOLDER.glob("*/*.json"):
        copy = tmp_path / path.parent.name / path.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text())
    return tmp_path


def edit(folder, name, change, to=None):
    schema = json.loads((folder / f"{name}.json").read_text())
    change(schema)
    (folder / f"{to or name}.json").write_text(json.dumps(schema))


def tighten(schema):
    schema["properties"]["metadata"]["properties"]["query"]["maxLength"] = 100


def test_lock_is_what_the_files_say():
    assert read_lock() == lock_of(read_types())


def test_layout_of_a_file_is_no_change(folder):
    edit(folder, "audit_event.searched/1", lambda _: None)

    assert list_changes(read_lock(), read_types(folder)) == []


def test_changed_and_removed_versions_are_found(folder):
    edit(folder, "audit_event.searched/1", tighten)
    (folder / "session.ended/1.json").unlink()

    changes = list_changes(read_lock(), read_types(folder))

    assert [change.split()[0] for change in changes] == [
        "audit_event.searched/1",
        "session.ended/1",
    ]
    assert "session.ended has no contract" in " ".join(list_findings(read_types(folder)))


def test_new_version_that_breaks_is_found_and_one_of_a_new_major_is_not(folder):
    edit(folder, "audit_event.searched/1", tighten, to="audit_event.searched/2")
    types = read_types(folder)

    assert list_unlocked(read_lock(), types) == ["audit_event.searched/2"]
    (finding,) = list_findings(types)
    assert "/metadata/query" in finding
    assert '"x-major": 2' in finding

    edit(folder, "audit_event.searched/2", lambda schema: schema.update({"x-major": 2}))
    assert list_findings(read_types(folder)) == []


def test_type_that_the_app_does_not_write_is_found(folder):
    edit(folder, "session.ended/1", lambda _: None)
    (folder / "session.ended").rename(folder / "session.forgotten")

    findings = " ".join(list_findings(read_types(folder)))
    assert "session.forgotten is no action that the app writes" in findings


def test_gap_in_the_versions_is_found(folder):
    edit(folder, "session.ended/1", lambda _: None, to="session.ended/3")

    assert "without gaps" in " ".join(list_findings(read_types(folder)))


def test_commit_that_git_does_not_know_is_named():
    with pytest.raises(BaseMissing, match="no-such-commit"):
        read_lock_at("no-such-commit")


def test_command_checks_and_fails_where_something_is_wrong(app, monkeypatch):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["event-types", "check"]).exit_code == 0

    monkeypatch.setattr(
        "app.audit.event_types.cli.read_lock", lambda: {"session.ended/1": "0" * 64}
    )
    answer = runner.invoke(args=["event-types", "check"])

    assert answer.exit_code == 1
    assert "session.ended/1 is not what was published" in answer.output
