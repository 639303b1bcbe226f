"""Too much at once is answered at once, and everybody else goes on."""

import threading
from contextlib import ExitStack
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from app.audit.ingest import door, pressure
from app.audit.ingest.pressure import Gate, TooBusy
from tests.audit.sending import Sender, an_event


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


def test_gate_lets_a_few_in_and_tells_the_next_to_come_back():
    gate = Gate(places=2, of_a_tenant=2, wait_s=0.01)
    with ExitStack() as inside:
        inside.enter_context(gate.enter(uuid4()))
        inside.enter_context(gate.enter(uuid4()))
        with pytest.raises(TooBusy) as caught, gate.enter(uuid4()):
            pass

    assert caught.value.headers["Retry-After"]
    with gate.enter(uuid4()):
        pass


def test_one_tenant_leaves_places_for_the_others():
    gate, noisy = Gate(places=3, of_a_tenant=2, wait_s=0.01), uuid4()
    with ExitStack() as inside:
        for _ in range(2):
            inside.enter_context(gate.enter(noisy))
        with pytest.raises(TooBusy), gate.enter(noisy):
            pass
        with gate.enter(uuid4()):
            pass


def test_place_that_becomes_free_is_taken_by_who_waits():
    gate, entered = Gate(places=1, of_a_tenant=1, wait_s=30), threading.Event()

    def wait_for_it():
        with gate.enter(uuid4()):
            entered.set()

    with gate.enter(uuid4()):
        thread = threading.Thread(target=wait_for_it)
        thread.start()
        assert not entered.is_set()
    thread.join()
    assert entered.is_set()


def test_place_is_free_again_after_a_failure():
    gate = Gate(places=1, of_a_tenant=1, wait_s=0.01)
    with pytest.raises(ZeroDivisionError), gate.enter(uuid4()):
        raise ZeroDivisionError
    with gate.enter(uuid4()):
        pass


def test_full_door_is_answered_503_and_stores_nothing(sender, alder, monkeypatch):
    full = Gate(places=1, of_a_tenant=1, wait_s=0.01)
    monkeypatch.setattr(door, "GATE", full)
    event = an_event()

    with full.enter(uuid4()):
        answer = sender.post(event)

    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json()["type"] == "urn:ballast:problem:too-busy"
    assert alder.log("door.opened") == []
    assert sender.post(event).status_code == 201


def test_door_stays_answerable_under_many_at_once(app, alder, monkeypatch):
    """Twenty clients at a door with two places: each is answered, none with anything else."""
    monkeypatch.setattr(door, "GATE", Gate(places=2, of_a_tenant=2, wait_s=0.05))
    senders = [Sender(app, alder.tenant) for _ in range(4)]
    answers, lock = [], threading.Lock()

    def send(number):
        answer = senders[number % 4].post([an_event() for _ in range(100)])
        with lock:
            answers.append((answer.status_code, answer.get_json().get("stored", 0)))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 20
    assert {status for status, _ in answers} <= {200, 503}
    assert sum(stored for _, stored in answers) == len(alder.log("door.opened"))


def test_lock_that_somebody_holds_is_not_waited_for_long(sender, settings, monkeypatch):
    """Somebody else's transaction sits on the key's count; the database is fine otherwise."""
    monkeypatch.setattr(pressure, "LOCK_WAIT", "50ms")
    sender.post(an_event())
    engine = create_engine(settings.database.for_owner())
    with engine.begin() as connection:
        connection.execute(text("SELECT * FROM rate_windows WHERE key LIKE 'events:%' FOR UPDATE"))
        answer = sender.post(an_event())
    engine.dispose()

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert sender.post(an_event()).status_code == 201
