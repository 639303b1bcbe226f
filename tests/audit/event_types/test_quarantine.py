"""What is refused waits until somebody replays or discards it."""

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.audit.ingest.quarantine import store
from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay
from app.audit.ingest.quarantine.replaying import ITEMS_A_TIME, _replay_some
from app.audit.ingest.quarantine.requesting import request_replay
from app.audit.ingest.quarantine.service import cancel_replay
from app.identity.roles import Role
from tests.audit.event_types.keeping import Keeper
from tests.audit.event_types.test_registering import door
from tests.audit.event_types.test_typed_ingestion import set_rules
from tests.audit.sending import Sender, an_event
from tests.factories.quarantine import QuarantinedItemFactory

LINES = "application/x-ndjson"


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


def waiting(world):
    with world.session() as session:
        return list(session.scalars(select(QuarantinedItem).order_by(QuarantinedItem.id)))


def refuse(sender, *events):
    """Send events to a tenant that takes registered types only; return their items' ids."""
    results = sender.post(list(events)).get_json()["results"]
    return [result["quarantine"] for result in results]


def test_refused_event_waits_with_its_reasons_and_as_it_was_sent(sender, alder):
    event = an_event(action="Opened", metadata={"ü": 1})

    answer = sender.post(event)

    (item,) = waiting(alder)
    assert f"in quarantine as {item.id}" in answer.get_json()["detail"]
    assert json.loads(item.item) == event
    assert (item.kind, item.action, item.is_whole) == ("frame", "Opened", True)
    assert item.problems[0]["pointer"] == "/action"
    assert item.received_from == UUID(item.received_from).__str__()


def test_every_refused_item_of_a_batch_waits_and_is_named(sender, alder):
    body = "{oops\n3\n" + json.dumps(an_event()) + '\n{"action": "x.y"}\n'

    results = sender.post(body, content_type=LINES).get_json()["results"]

    items = {str(item.id): item for item in waiting(alder)}
    assert [result.get("quarantine") in items for result in results] == [True, True, False, True]
    assert {item.kind for item in items.values()} == {"unreadable", "frame"}
    assert {item.item for item in items.values()} == {"{oops", "3", '{"action": "x.y"}'}


def test_same_item_again_is_counted_and_not_kept_twice(sender, alder):
    event = an_event(action="Opened")
    first, again = (sender.post([event, event]).get_json()["results"] for _ in range(2))

    (item,) = waiting(alder)
    assert item.times_sent == 2
    assert {one["quarantine"] for one in first + again} == {str(item.id)}


def test_large_item_is_cut_and_says_so(sender, alder):
    sender.post(an_event(action="Opened", reason="é" * 40_000))

    (item,) = waiting(alder)
    assert len(item.item.encode()) <= 65_536 < item.item_bytes
    assert not item.is_whole
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/quarantine/{item.id}")
    assert f"of {item.item_bytes:,} bytes were kept" in page.words
    assert not page.has_button("Replay")
    owner.post(
        f"{alder.path}/quarantine/{item.id}/replay", {"csrf_token": owner.token()}, expect=409
    )


def test_text_that_no_database_stores_waits_as_well(sender, alder):
    sender.post('{"action": "\\ud800", "x": "\\u0000"}')
    sender.post(b"{oops \x00\x1b\n", content_type=LINES)

    value, line = waiting(alder)
    assert json.loads(value.item) == {"action": "\ud800", "x": "\x00"}
    assert line.item == "{oops \\u0000\\u001b"


def test_full_quarantine_keeps_what_it_promised_and_says_that_it_is_full(
    sender, alder, monkeypatch
):
    monkeypatch.setattr(store, "MAX_ITEMS", 2)
    events = [an_event(action="Opened") for _ in range(3)]

    kept = refuse(sender, *events)

    assert [one is not None for one in kept] == [True, True, False]
    assert refuse(sender, *events)[:2] == kept[:2]
    assert "not kept" in sender.post(events[2]).get_json()["detail"]


def test_replay_after_a_fix_makes_it_an_event_of_its_sender(app, sender, alder):
    set_rules(alder, registered_types_only=True)
    event = an_event(metadata={"n": 1})
    (item_id,) = refuse(sender, event)
    owner = alder.as_person(Role.OWNER)
    place = f"{alder.path}/quarantine/{item_id}"

    page = owner.submit(owner.get(place), "Replay")
    assert "still refused" in page.words
    Keeper(app, alder.tenant).register(door())
    page = owner.submit(owner.get(place), "Replay")

    assert "It is an event now" in page.words
    assert sender.stored(UUID(event["id"]))
    assert waiting(alder) == []
    stored = next(one for one in alder.log() if one.id == UUID(event["id"]))
    assert (stored.event_type_version, stored.received_from) == (1, str(UUID(stored.received_from)))
    outcomes = [one.outcome for one in alder.log("quarantine_item.replayed")]
    assert outcomes == ["failure", "success"]


def test_event_without_an_id_is_stored_once_however_it_arrives(app, sender, alder):
    set_rules(alder, registered_types_only=True)
    event = an_event(metadata={"n": 1})
    del event["id"]
    key = str(uuid4())
    sender.post(event, Idempotency_Key=key)
    (item,) = waiting(alder)
    Keeper(app, alder.tenant).register(door())
    owner = alder.as_person(Role.OWNER)

    owner.submit(owner.get(f"{alder.path}/quarantine/{item.id}"), "Replay")
    again = sender.post(event, Idempotency_Key=key)

    assert again.get_json()["status"] == "duplicate"
    assert len(alder.log("door.opened")) == 1


def test_discarding_needs_no_trace_of_the_content_but_leaves_one_of_the_act(sender, alder):
    (item_id,) = refuse(sender, an_event(action="Opened"))
    (item,) = waiting(alder)
    owner = alder.as_person(Role.OWNER)

    page = owner.get(f"{alder.path}/quarantine/{item_id}/discard")
    page = owner.submit(page, "Discard it", reason="a test of the sender")

    assert waiting(alder) == []
    event = alder.log("quarantine_item.discarded")[-1]
    assert (event.reason, event.extra["sha256"]) == ("a test of the sender", item.item_hash)


def test_list_shows_what_waits_and_reading_one_is_an_event(sender, alder):
    (item_id,) = refuse(sender, an_event(action="Opened"))
    auditor = alder.as_person(Role.AUDITOR)

    page = auditor.get(f"{alder.path}/quarantine?q=kind:frame")
    assert page.rows[0][1:3] == ["Opened", "no event"]
    page = auditor.get(f"{alder.path}/quarantine/{item_id}")

    assert "/action This must be object.verb_past" in page.words
    assert not page.has_button("Replay")
    assert alder.log("quarantine_item.read")[-1].target_id == item_id


def test_quarantine_is_for_those_who_may(sender, alder):
    (item_id,) = refuse(sender, an_event(action="Opened"))
    analyst, auditor = alder.as_person(Role.ANALYST), alder.as_person(Role.AUDITOR)

    analyst.get(f"{alder.path}/quarantine", expect=403)
    for place in (f"{item_id}/replay", f"{item_id}/discard", "replays"):
        values = {"csrf_token": auditor.token()}
        auditor.post(f"{alder.path}/quarantine/{place}", values, expect=403)


def test_everything_is_replayed_in_the_background_with_progress(app, sender, alder, run_jobs):
    set_rules(alder, registered_types_only=True)
    events = [an_event(metadata={"n": n}) for n in range(ITEMS_A_TIME + 20)]
    refuse(sender, *events, an_event(metadata={"n": "many"}), an_event(action="gate.opened"))
    Keeper(app, alder.tenant).register(door())
    owner = alder.as_person(Role.OWNER)

    page = owner.get(f"{alder.path}/quarantine")
    page = owner.submit(owner.get(page.links["Replay…"]), "Replay", action="door.opened")
    assert "0 of 121 items tried again" in page.words
    run_jobs()
    place = owner.get(f"{alder.path}/quarantine").links["Last replay"]
    page = owner.get(place)

    assert "finished" in page.words
    assert "Stored 120" in page.words
    assert "Still refused 1" in page.words
    assert sender.stored(*(UUID(event["id"]) for event in events)) == {
        UUID(event["id"]) for event in events
    }
    assert {item.action for item in waiting(alder)} == {"door.opened", "gate.opened"}
    done = alder.log("quarantine_replay.finished")[-1].extra
    assert (done["items"], done["stored"], done["refused"]) == (121, 120, 1)


def ask(world, **what):
    with world.session():
        return request_replay(world.actor(Role.OWNER), **what)


def replay_of(world, replay_id):
    with world.session() as session:
        return session.get_one(QuarantineReplay, (world.tenant.id, replay_id))


def test_replay_that_was_killed_goes_on_where_it_was(app, sender, alder, run_jobs):
    """Its first part was committed, its worker died; the rescued job does the rest."""
    for _ in range(ITEMS_A_TIME + 5):
        alder.make(QuarantinedItemFactory)
    replay_id = ask(alder)
    with alder.session():
        assert _replay_some(replay_id)
    assert replay_of(alder, replay_id).stored == ITEMS_A_TIME

    run_jobs()

    replay = replay_of(alder, replay_id)
    assert (replay.status, replay.stored, replay.duplicates) == ("finished", ITEMS_A_TIME + 5, 0)
    assert len(alder.log("door.opened")) == ITEMS_A_TIME + 5


def test_replay_that_is_called_off_keeps_what_it_did_and_does_no_more(alder, run_jobs):
    for _ in range(3):
        alder.make(QuarantinedItemFactory)
    replay_id = ask(alder)
    with alder.session():
        cancel_replay(alder.actor(Role.OWNER), replay_id)

    run_jobs()

    assert replay_of(alder, replay_id).status == "cancelled"
    assert len(waiting(alder)) == 3


def test_only_one_replay_runs_at_a_time_and_none_of_nothing(alder):
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/quarantine/replays")
    page = owner.submit(page, "Replay", expect=409)
    assert "Nothing of that kind waits" in page.errors
    alder.make(QuarantinedItemFactory)
    ask(alder)
    page = owner.submit(owner.get(f"{alder.path}/quarantine/replays"), "Replay", expect=409)
    assert "running already" in page.errors


def test_what_arrives_during_a_replay_is_not_part_of_it(alder, run_jobs):
    alder.make(QuarantinedItemFactory)
    replay_id = ask(alder)
    late = alder.make(QuarantinedItemFactory)

    run_jobs()

    assert replay_of(alder, replay_id).done == 1
    assert [item.id for item in waiting(alder)] == [late.id]
