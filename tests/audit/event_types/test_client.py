"""The client of the examples, against the real app over a real socket, and against bad days."""

import importlib.util
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.audit.ingest import door
from app.audit.ingest.pressure import Gate
from app.boot.settings import ROOT
from tests.audit.event_types.keeping import Keeper
from tests.audit.event_types.stand_in import standing_in
from tests.audit.event_types.test_registering import door as door_schema
from tests.audit.event_types.test_typed_ingestion import set_rules
from tests.audit.sending import Sender, an_event
from tests.support.live_app import serving

FILE = ROOT / "docs" / "examples" / "ballast_client.py"
BUSY = (503, {"Retry-After": "1"}, {"detail": "Too many events arrive at this moment."})
SLOW_DOWN = (429, {"Retry-After": "1"}, {"detail": "This API key may send 60 events a minute."})


def load_client():
    spec = importlib.util.spec_from_file_location("ballast_client", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ballast_client = load_client()


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that the client makes, without making them."""
    made = []
    monkeypatch.setattr(ballast_client.time, "sleep", made.append)
    return made


def client_of(address, folder, key="a-key"):
    return ballast_client.Client(address, key, folder)


def stored_ids(world):
    return [str(event.id) for event in world.log("door.opened")]


def test_everything_that_is_sent_arrives_once(app, alder, sender, tmp_path):
    with serving(app) as address, client_of(address, tmp_path, sender.key) as client:
        ids = client.send(*(an_event() for _ in range(1_200)))
        assert client.waiting_bytes > 0
        assert client.flush() == 0
        assert client.waiting_bytes == 0

    assert sorted(stored_ids(alder)) == sorted(ids)
    assert (tmp_path / "events.ndjson").stat().st_size == 0


def test_refused_event_is_noted_with_its_reasons_and_keeps_nothing_back(
    app, alder, sender, tmp_path
):
    Keeper(app, alder.tenant).register(door_schema())
    good, bad = an_event(metadata={"n": 1}), an_event(metadata={})
    with serving(app) as address, client_of(address, tmp_path, sender.key) as client:
        client.send(bad, good)
        assert client.flush() == 1

    (noted,) = map(json.loads, (tmp_path / "rejected.ndjson").read_text().splitlines())
    assert noted["event"] == bad
    assert noted["errors"][0]["pointer"] == "/metadata/n"
    assert sender.stored(UUID(good["id"]))


def test_real_429_is_waited_for_as_long_as_it_says(app, alder, sender, tmp_path, pauses):
    set_rules(alder, events_per_minute=60)
    with serving(app) as address, client_of(address, tmp_path, sender.key) as client:
        client.send(*(an_event() for _ in range(60)))
        client.flush()
        client.send(an_event())
        with pytest.raises(ballast_client.StillWaiting, match="60 events a minute"):
            client.flush(patience_s=0.5)
        assert client.waiting_bytes > 0

    assert len(stored_ids(alder)) == 60


def test_real_503_is_tried_again(app, alder, sender, tmp_path, monkeypatch):
    full = Gate(places=1, of_a_tenant=1, wait_s=0.01)
    monkeypatch.setattr(door, "GATE", full)
    held = full.enter(uuid4())
    held.__enter__()
    # The first pause lets the place go.
    monkeypatch.setattr(ballast_client.time, "sleep", lambda _s: held.__exit__(None, None, None))
    with serving(app) as address, client_of(address, tmp_path, sender.key) as client:
        ids = client.send(an_event())
        client.flush()

    assert stored_ids(alder) == ids


@pytest.mark.parametrize("answer", [BUSY, SLOW_DOWN, None, (502, {}, {}), (500, {}, "broken")])
def test_what_passes_by_itself_is_tried_again_until_it_has(tmp_path, pauses, answer):
    with standing_in(answer, answer) as (address, script), client_of(address, tmp_path) as client:
        ids = client.send({"action": "a.b"})
        client.flush()

    assert [event["id"] for event in script.taken] == ids
    assert (script.calls, len(pauses)) == (3, 2)
    if answer in (BUSY, SLOW_DOWN):
        assert all(1.0 <= pause <= 1.25 for pause in pauses)
    else:
        assert pauses[1] > pauses[0]


def test_answer_that_was_lost_is_asked_for_again_and_stores_once(
    app, alder, sender, tmp_path, pauses, monkeypatch
):
    """The server has stored everything, and the client never hears of it."""
    with serving(app) as address, client_of(address, tmp_path, sender.key) as client:
        ids = client.send(an_event(), an_event())
        post, lost = client._post, []  # noqa: SLF001  the network breaks off here

        def lossy(body):
            answer = post(body)
            if not lost:
                lost.append(answer)
                raise ConnectionResetError("the network went away")
            return answer

        monkeypatch.setattr(client, "_post", lossy)
        client.flush()

    assert lost[0][0] == 200
    assert sorted(stored_ids(alder)) == sorted(ids)


def test_nobody_listens_and_the_events_wait(tmp_path, pauses):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with client_of(address, tmp_path) as client:
            ids = client.send({"action": "a.b"})
            with pytest.raises(ballast_client.StillWaiting, match="refused"):
                client.flush(patience_s=0.7)

    with standing_in() as (address, script), client_of(address, tmp_path) as client:
        client.flush()
    assert [event["id"] for event in script.taken] == ids


@pytest.mark.parametrize("status", [400, 401, 403, 404, 415])
def test_what_never_passes_is_told_at_once_and_loses_nothing(tmp_path, pauses, status):
    refusal = (status, {}, {"detail": "This API key is unknown."})
    with standing_in(refusal) as (address, script), client_of(address, tmp_path) as client:
        client.send({"action": "a.b"})
        with pytest.raises(ballast_client.NotTaken, match="This API key is unknown"):
            client.flush()
        assert client.waiting_bytes > 0
        client.flush()

    assert (pauses, len(script.taken)) == ([], 1)


def test_batch_that_is_too_large_is_halved(tmp_path):
    large = (413, {}, {"detail": "Split the events."})
    with standing_in(large, large) as (address, script), client_of(address, tmp_path) as client:
        client.send(*({"action": "a.b"} for _ in range(100)))
        client.flush()

    assert len(script.taken) == 100
    assert script.calls == 2 + 4


def test_half_written_line_of_a_killed_program_is_left_out(tmp_path):
    with standing_in() as (address, script):
        with client_of(address, tmp_path) as client:
            ids = client.send({"action": "a.b"})
        with (tmp_path / "events.ndjson").open("a") as file:
            file.write('{"id": "half')
        with client_of(address, tmp_path) as client:
            ids += client.send({"action": "c.d"})
            client.flush()

    assert [event["id"] for event in script.taken] == ids


def test_buffer_emptied_just_before_a_kill_begins_anew(tmp_path):
    with standing_in() as (address, script):
        with client_of(address, tmp_path) as client:
            client.send({"action": "a.b"})
            client.flush()
        (tmp_path / "acknowledged").write_text("5000")
        with client_of(address, tmp_path) as client:
            client.send({"action": "c.d"})
            client.flush()

    assert len(script.taken) == 2


def test_two_programs_do_not_share_a_folder(tmp_path):
    with (
        client_of("http://127.0.0.1:9", tmp_path),
        pytest.raises(ballast_client.FolderInUse, match="Another program"),
    ):
        client_of("http://127.0.0.1:9", tmp_path)


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from ballast_client import Client
with Client(sys.argv[2], sys.argv[3], sys.argv[4]) as client:
    for number in range(100_000):
        client.send(*({"occurred_at": "2026-03-14T09:26:53Z", "action": "door.opened",
                       "actor": {"type": "person", "id": "u-1"}} for _ in range(5)))
        print(number, flush=True)
        if number % 3 == 2:
            client.flush()
"""


def test_killed_program_loses_and_doubles_nothing(app, alder, sender, tmp_path):
    """Three programs are killed in the middle of their work; the next one finishes for all."""
    written = 0
    with serving(app) as address:
        arguments = [str(FILE.parent), address, sender.key, str(tmp_path)]
        for rounds in (2, 5, 9):
            with subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *arguments], stdout=subprocess.PIPE, text=True
            ) as program:
                for _ in range(rounds):
                    program.stdout.readline()
                    written += 5
                program.send_signal(signal.SIGKILL)
                # What it wrote between the last word that was read and its end is kept as well.
                written += 5 * len(program.stdout.read().splitlines())
        with client_of(address, tmp_path, sender.key) as client:
            client.flush()

    ids = stored_ids(alder)
    assert len(ids) == len(set(ids))
    # A kill between writing and saying so leaves five more than were said.
    assert written <= len(ids) <= written + 3 * 5


def test_example_is_of_the_standard_library_alone():
    source = Path(FILE).read_text()
    modules = {
        line.split()[1].split(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert modules <= sys.stdlib_module_names
