"""Root lends the server to another account, and opens no folder that is not Ballast's own."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.boot.local.binaries import find_postgres_binaries
from app.boot.local.embedded_postgres import EmbeddedPostgres
from app.boot.local.errors import LocalPostgresError
from tests.boot.observing import connect, running

REPOSITORY = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server to another")

# Everything is imported before the rights are dropped: the interpreter may lie in root's home.
RUN_AS_PLAIN_USER = """
import os, sys
from pathlib import Path
import psycopg
from app.boot.local.embedded_postgres import EmbeddedPostgres
os.setgroups([])
os.setgid(int(sys.argv[3]))
os.setuid(int(sys.argv[2]))
postgres = EmbeddedPostgres.at(Path(sys.argv[1]), durable=False)
postgres.start()
with psycopg.connect(postgres.url().replace("+psycopg", "")) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0])
connection.close()
postgres.stop()
print(postgres.is_running())
"""


@pytest.fixture
def private_folder(open_folder):
    folder = open_folder / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def fallback_roots(open_folder):
    return (open_folder / "fallback",)


def get_modes(path):
    return {
        folder: (stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid)
        for folder in (path, *path.parents)
        for found in [folder.stat()]
    }


def get_owner(path):
    return path.stat().st_uid


def test_private_checkout_comes_up_elsewhere_and_stays_private(private_folder, fallback_roots):
    data_dir = private_folder / "checkout" / "data"
    data_dir.mkdir(parents=True)
    before = get_modes(data_dir)
    said = []
    postgres = EmbeddedPostgres.at(
        data_dir, durable=False, fallback_roots=fallback_roots, say=said.append
    )
    with running(postgres), connect(postgres.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert get_modes(data_dir) == before
    place = postgres.server_log.parent
    assert place.parent == fallback_roots[0]
    assert get_owner(place) == 0
    assert get_owner(place / "cluster") != 0
    assert len(said) == 1
    assert str(place) in said[0]

    with running(postgres), connect(postgres.url()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    shutil.rmtree(data_dir)
    with running(postgres), connect(postgres.url()) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_open_checkout_keeps_its_data(open_folder, fallback_roots):
    said = []
    postgres = EmbeddedPostgres.at(
        open_folder / "data", durable=False, fallback_roots=fallback_roots, say=said.append
    )
    with running(postgres):
        assert postgres.server_log.parent == open_folder / "data"
    assert get_owner(open_folder / "data") == 0
    assert get_owner(open_folder / "data" / "cluster") != 0
    assert not fallback_roots[0].exists()
    assert said == []


def test_checkout_closed_later_is_explained_and_not_replaced(open_folder, fallback_roots):
    checkout = open_folder / "checkout"
    checkout.mkdir()
    postgres = EmbeddedPostgres.at(
        checkout / "data", durable=False, fallback_roots=fallback_roots, say=lambda _: None
    )
    with running(postgres):
        pass
    checkout.chmod(0o700)
    with pytest.raises(LocalPostgresError, match=rf"may not enter {checkout}\."):
        postgres.start()
    assert stat.S_IMODE(checkout.stat().st_mode) == 0o700


def test_programs_of_a_private_wheel_are_copied_once(
    private_folder, open_folder, fallback_roots, monkeypatch
):
    site_packages = private_folder / "site-packages"
    copy_wheel(site_packages)
    before = get_modes(site_packages)
    monkeypatch.syspath_prepend(site_packages)
    said = []
    postgres = EmbeddedPostgres.at(
        open_folder / "data", durable=False, fallback_roots=fallback_roots, say=said.append
    )
    with running(postgres):
        pass
    (copy,) = fallback_roots[0].iterdir()
    made = copy.stat().st_ino
    with running(postgres):
        pass
    assert get_modes(site_packages) == before
    assert [folder.stat().st_ino for folder in fallback_roots[0].iterdir()] == [made]
    assert len(said) == 2
    assert str(copy) in said[0]
    assert not any(path.stat().st_uid or path.stat().st_mode & 0o022 for path in copy.rglob("*"))


def copy_wheel(site_packages):
    binaries = find_postgres_binaries()
    if not binaries.from_wheel:
        pytest.skip("the wheel does not run on this platform")
    installation = binaries.bin_dir.parent
    package = installation.parent
    shutil.copytree(
        installation,
        site_packages / package.name / installation.name,
        ignore=shutil.ignore_patterns("include", "*.a", "pgxs"),
    )
    (site_packages / package.name / "__init__.py").touch()
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, site_packages / libraries.name)


def test_fallback_root_of_somebody_else_is_not_trusted(private_folder, fallback_roots):
    fallback_roots[0].mkdir()
    os.chown(fallback_roots[0], pwd.getpwnam("nobody").pw_uid, -1)
    postgres = EmbeddedPostgres.at(private_folder / "data", fallback_roots=fallback_roots)
    with pytest.raises(LocalPostgresError, match="BALLAST_DATA_DIR"):
        postgres.start()
    assert list(fallback_roots[0].iterdir()) == []


def test_plain_user_keeps_everything_in_the_data_directory(open_folder):
    plain = pwd.getpwnam("nobody")
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    os.chown(home, plain.pw_uid, plain.pw_gid)
    outcome = subprocess.run(
        [
            *(sys.executable, "-c", RUN_AS_PLAIN_USER, str(home / "data")),
            *(str(plain.pw_uid), str(plain.pw_gid)),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.stderr == ""
    assert outcome.stdout == "ballast_owner\nFalse\n"
    assert {get_owner(path) for path in (home / "data").rglob("*")} == {plain.pw_uid}
