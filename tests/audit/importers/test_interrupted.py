"""Imports whose worker dies in the middle: nothing is lost, nothing is doubled."""

import json
import os
import signal
import subprocess
import sys

import pytest

from app.audit.ingest import importing
from app.audit.ingest.imports import running
from app.audit.ingest.imports.models import FileImport
from app.audit.ingest.imports.pruning import KEPT_FOR, prune_files
from app.audit.ingest.imports.starting import start_import
from app.kernel import clock
from tests.audit.sending import an_event
from tests.factories.imports import FileImportFactory, FilePieceFactory

RECORDS = 95


@pytest.fixture
def started(alder):
    """An import of 95 events and three broken lines, begun by the owner."""
    lines = [json.dumps(an_event()) for _ in range(RECORDS)]
    for place in (20, 50, 80):
        lines.insert(place, "{oops")
    return begin(alder, "\n".join(lines).encode())


def begin(world, content):
    found = world.make(FileImportFactory, file_bytes=len(content), text_bytes=len(content))
    # In pieces that end in the middle of lines, as those of a long file do.
    for place, at in enumerate(range(0, len(content), 1_000)):
        world.make(
            FilePieceFactory, import_id=found.id, place=place, content=content[at : at + 1_000]
        )
    with world.session():
        start_import(world.actor("owner"), found.id)
    return found.id


def kept(world, import_id):
    with world.session() as session:
        return session.get(FileImport, (world.tenant.id, import_id))


def go_on(world, import_id):
    with world.session():
        running.run(world.actor("owner"), str(import_id))


def die_after(settings, world, import_id, batches):
    arguments = [world.tenant.id, world.people["owner"].account_id, import_id, batches]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.audit.importers.killed_worker", *map(str, arguments)],
        env={
            **os.environ,
            "BALLAST_DATA_DIR": str(settings.data_dir),
            "BALLAST_SECRET_KEY": settings.secret_key,
            "BALLAST_OWNER_DATABASE_URL": settings.database.for_owner(),
            "DATABASE_URL": settings.database.for_app(),
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def test_killed_worker_loses_nothing_and_doubles_nothing(settings, alder, started):
    places = []
    for batches in (1, 3, 4):
        die_after(settings, alder, started, batches)
        places.append(kept(alder, started).number_at)

    go_on(alder, started)

    found = kept(alder, started)
    # The batch in which it died is stored by the next one, from where the one before ended.
    assert places == [1, 21, 51]
    assert (found.status, found.read, found.stored) == ("finished", RECORDS, RECORDS)
    assert (found.duplicates, found.refused) == (0, 3)
    assert found.refusals[
        "The JSON cannot be read: expecting property name enclosed in double quotes."
    ]["places"] == [21, 51, 81]
    assert len({event.id for event in alder.log("door.opened")}) == RECORDS
    assert len(alder.log("audit_event.imported")) == 1


def test_second_worker_leaves_an_import_to_the_first(alder, started, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    store, turns = running.store_records, []

    def store_while_another_begins(*arguments, **named):
        store(*arguments, **named)
        turns.append(len(turns))

    monkeypatch.setattr(running, "store_records", store_while_another_begins)
    go_on(alder, started)
    after_first = len(turns)
    go_on(alder, started)

    assert len(turns) == after_first
    assert kept(alder, started).stored == RECORDS


def test_import_of_somebody_who_left_is_ended(alder, started):
    with alder.session():
        running.abandon(alder.system(), str(started))

    assert kept(alder, started).status == "stopped"
    (event,) = alder.log("audit_event.imported")
    assert (event.outcome, "no active member" in event.reason) == ("failure", True)


def test_import_of_somebody_who_may_not_import_any_more_is_ended(alder, started):
    with alder.session():
        running.run(alder.actor("auditor"), str(started))

    assert (kept(alder, started).status, alder.log("door.opened")) == ("stopped", [])


def test_import_that_breaks_says_so_and_goes_on_when_asked(alder, started, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    store, turns = running.store_records, []

    def break_in_the_third(*arguments, **named):
        turns.append(1)
        if len(turns) == 3:
            raise OSError("no room on the disk")
        store(*arguments, **named)

    monkeypatch.setattr(running, "store_records", break_in_the_third)
    with pytest.raises(OSError, match="no room"):
        go_on(alder, started)
    broken = kept(alder, started)
    with alder.session():
        start_import(alder.actor("owner"), started)
    go_on(alder, started)

    assert (broken.status, broken.stored) == ("stopped", 20)
    assert (kept(alder, started).status, kept(alder, started).stored) == ("finished", RECORDS)


def test_old_files_are_forgotten_and_their_results_stay(alder, started):
    go_on(alder, started)
    with alder.session() as session:
        session.get(FileImport, (alder.tenant.id, started)).uploaded_at = clock.now() - KEPT_FOR * 2
        session.commit()
        assert prune_files() == 1
        assert prune_files() == 0

    found = kept(alder, started)
    assert (found.has_file, found.status, found.stored) == (False, "finished", RECORDS)
