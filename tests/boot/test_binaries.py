"""Where PostgreSQL's programs come from when the wheel cannot give them."""

import pytest

from app.boot.local import binaries
from app.boot.local.binaries import find_postgres_binaries
from app.boot.local.errors import LocalPostgresError


@pytest.fixture
def without_wheel(monkeypatch):
    monkeypatch.setattr(binaries, "WHEEL", "no-such-wheel")


def test_programs_on_the_path_serve_where_the_wheel_is_missing(monkeypatch, request):
    here = find_postgres_binaries()
    monkeypatch.setenv("PATH", str(here.bin_dir))
    monkeypatch.setattr(binaries, "_SYSTEM_FOLDERS", ())
    request.getfixturevalue("without_wheel")
    found = find_postgres_binaries()
    assert (found.bin_dir, found.version) == (here.bin_dir.resolve(), here.version)
    assert not found.from_wheel


@pytest.mark.usefixtures("without_wheel")
def test_without_any_programs_three_ways_out_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binaries, "_SYSTEM_FOLDERS", ())
    with pytest.raises(
        LocalPostgresError, match=r"pip install no-such-wheel.*system.*DATABASE_URL"
    ):
        find_postgres_binaries()


@pytest.mark.usefixtures("without_wheel")
def test_programs_that_do_not_run_or_are_too_old_are_passed_over(monkeypatch, tmp_path):
    for folder, version in (
        ("old", "initdb (PostgreSQL) 15.8"),
        ("new", "initdb (PostgreSQL) 17.2"),
    ):
        make_programs(tmp_path / folder, f"#!/bin/sh\necho '{version}'\n")
    make_programs(tmp_path / "foreign", "not a program of this platform")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binaries, "_SYSTEM_FOLDERS", (f"{tmp_path}/*",))
    found = find_postgres_binaries()
    assert (found.bin_dir, found.major) == (tmp_path / "new", 17)


def make_programs(folder, content):
    folder.mkdir()
    for program in binaries.NEEDED_PROGRAMS:
        (folder / program).write_text(content)
        (folder / program).chmod(0o755)
