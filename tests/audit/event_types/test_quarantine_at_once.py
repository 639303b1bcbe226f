"""Several who need the quarantine at once: nobody waits in a circle, and it never overflows."""

import json
import threading

import pytest
from sqlalchemy import func, select

from app.audit.ingest import door
from app.audit.ingest.pressure import Gate
from app.audit.ingest.quarantine import store
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.ingest.quarantine.replaying import _replay_some
from app.audit.ingest.quarantine.requesting import request_replay
from app.identity.roles import Role
from tests.audit.event_types.test_typed_ingestion import set_rules
from tests.audit.sending import Sender, an_event


@pytest.fixture
def sender(app, alder, monkeypatch):
    monkeypatch.setattr(door, "GATE", Gate(places=20, of_a_tenant=20, wait_s=30))
    return Sender(app, alder.tenant)


def together(*tasks):
    """Run the tasks at the same time; return what each returned, or raise what one raised."""
    results, errors = [], []
    start = threading.Barrier(len(tasks))

    def run(task):
        start.wait()
        try:
            results.append(task())
        except BaseException as error:  # noqa: BLE001  raised again in the test's own thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error
    return results


def count(world):
    with world.session() as session:
        return session.scalar(select(func.count()).select_from(QuarantinedItem))


def test_senders_at_once_do_not_overfill_it(sender, alder, monkeypatch):
    monkeypatch.setattr(store, "MAX_ITEMS", 50)
    batches = [[an_event(action="Opened") for _ in range(20)] for _ in range(6)]

    answers = together(*(lambda batch=batch: sender.post(batch) for batch in batches))

    kept = [result["quarantine"] for answer in answers for result in answer.get_json()["results"]]
    assert len(kept) == 120
    assert len(kept) - kept.count(None) == count(alder) == 50


def test_replay_and_senders_of_the_same_items_all_come_through(app, sender, alder):
    """Each holds what the other needs: the item, and the head of the log."""
    set_rules(alder, registered_types_only=True)
    events = [an_event() for _ in range(60)]
    sender.post(events)
    set_rules(alder, registered_types_only=False)
    with alder.session():
        replay_id = request_replay(alder.actor(Role.OWNER))

    def replay():
        with app.app_context(), alder.session():
            return _replay_some(replay_id)

    def send(order):
        # A good event besides: this one needs the head of the log.
        mixed = [an_event(action="Opened"), *order, an_event()]
        body = "\n".join(map(json.dumps, mixed))
        return sender.post(body, content_type="application/x-ndjson").status_code

    answers = together(
        replay,
        *(lambda: send(events) for _ in range(2)),
        *(lambda: send(events[::-1]) for _ in range(2)),
    )

    assert sorted(answers, key=str) == [207, 207, 207, 207, True]
    ids = [event.id for event in alder.log("door.opened")]
    assert len(ids) == len(set(ids)) == 60 + 4
