"""Folders and servers for the tests of what `make run` stands on."""

import shutil
import tempfile
from pathlib import Path

import pytest

from app.boot.local.embedded_postgres import EmbeddedPostgres
from tests.boot.observing import running


@pytest.fixture(scope="session")
def open_folders():
    """Makes folders that every user may enter, unlike those of `tmp_path`."""
    made = []

    def make():
        folder = Path(tempfile.mkdtemp(prefix="b-")).resolve()
        folder.chmod(0o755)
        made.append(folder)
        return folder

    yield make
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_folder(open_folders):
    return open_folders()


@pytest.fixture(scope="session")
def shared_postgres(open_folders):
    """One running server for the tests that only talk to it."""
    with running(EmbeddedPostgres.at(open_folders() / "data", durable=False)) as postgres:
        yield postgres
