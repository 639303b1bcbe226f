"""Events of a registered type are held to it; others are stored as unregistered, or refused."""

import copy
from uuid import UUID

import pytest

from app.audit.contract.types import UNREGISTERED
from app.audit.event_types.service import deprecate_event_type
from app.audit.ingest.rules.service import Rules, update_rules
from tests.audit.event_types.keeping import Keeper
from tests.audit.event_types.test_registering import NUMBER, door
from tests.audit.sending import Sender, an_event


@pytest.fixture
def sender(app, alder):
    return Sender(app, alder.tenant)


@pytest.fixture
def keeper(app, alder):
    return Keeper(app, alder.tenant)


def set_rules(world, **rules):
    with world.session():
        update_rules(world.actor("owner"), Rules(**rules))


def stored(world, event):
    return next(one for one in world.log() if one.id == UUID(event["id"]))


def test_event_of_no_registered_type_is_stored_and_labelled(sender, alder):
    event = an_event()
    answer = sender.post(event)

    assert answer.status_code == 201
    assert "event_type_version" not in answer.get_json()
    assert stored(alder, event).event_type_version == UNREGISTERED
    page = alder.as_person("owner").get(f"{alder.path}/audit-log/{event['id']}")
    assert "Type unregistered held to no contract" in page.words


def test_event_that_fits_its_type_is_stored_with_the_version(sender, keeper, alder):
    keeper.register(door())
    event = an_event(metadata={"n": 1})
    answer = sender.post(event)

    assert (answer.status_code, answer.get_json()["event_type_version"]) == (201, 1)
    assert stored(alder, event).event_type_version == 1
    page = alder.as_person("owner").get(f"{alder.path}/audit-log/{event['id']}")
    assert page.links["version 1"] == f"{alder.path}/event-types/door.opened?version=1"


def test_event_that_does_not_fit_its_type_is_answered_with_pointers(sender, keeper):
    keeper.register(door())
    answer = sender.post(an_event(metadata={"n": "many", "a/b": 1}))

    assert answer.status_code == 422
    assert answer.get_json()["errors"] == [
        {"pointer": "/metadata/n", "detail": "This must be a number."}
    ]


def test_missing_field_of_the_type_is_named(sender, keeper):
    keeper.register(door())

    pointers = [e["pointer"] for e in sender.post(an_event()).get_json()["errors"]]
    assert pointers == ["/metadata"]


def test_bad_item_of_a_type_sinks_no_good_one(sender, keeper):
    keeper.register(door())
    good, bad, other = an_event(metadata={"n": 1}), an_event(metadata={}), an_event(action="x.y")

    answer = sender.post([good, bad, other])

    assert answer.status_code == 207
    assert [one["status"] for one in answer.get_json()["results"]] == [
        "stored",
        "rejected",
        "stored",
    ]


def test_sender_may_name_a_version_and_gets_the_default_otherwise(sender, keeper):
    keeper.register(door())
    whole = {**NUMBER, "properties": {"n": {"type": "integer"}}}
    keeper.register(door(whole, **{"x-major": 2}))
    half = {"metadata": {"n": 1.5}}

    assert sender.post(an_event(**half)).get_json()["event_type_version"] == 1
    refused = sender.post(an_event(**half, event_type_version=2))
    assert refused.get_json()["errors"][0]["pointer"] == "/metadata/n"
    unknown = sender.post(an_event(**half, event_type_version=9))
    assert unknown.get_json()["errors"] == [
        {"pointer": "/event_type_version", "detail": "door.opened has no version 9; there is 1, 2."}
    ]


def test_deprecated_version_is_taken_with_a_word_about_it(sender, keeper, alder):
    keeper.register(door())
    with alder.session():
        deprecate_event_type(
            alder.actor("owner"), action="door.opened", version=1, note="Send gate.opened."
        )

    answer = sender.post(an_event(metadata={"n": 1}))
    assert (answer.status_code, answer.get_json()["deprecation"]) == (201, "Send gate.opened.")


def test_events_without_a_version_move_on_when_their_major_is_deprecated(sender, keeper, alder):
    keeper.register(door())
    keeper.register(door(**{"x-major": 2}))
    with alder.session():
        deprecate_event_type(alder.actor("owner"), action="door.opened", version=1, note="2.")

    assert sender.post(an_event(metadata={"n": 1})).get_json()["event_type_version"] == 2


def test_strict_tenant_refuses_what_is_not_registered(sender, keeper, alder):
    set_rules(alder, registered_types_only=True)
    keeper.register(door())

    assert sender.post(an_event(metadata={"n": 1})).status_code == 201
    answer = sender.post(an_event(action="gate.opened"))
    assert answer.status_code == 422
    error = answer.get_json()["errors"][0]
    assert error["pointer"] == "/action"
    assert "No event type is registered for gate.opened" in error["detail"]


def test_types_of_one_tenant_say_nothing_in_another(app, keeper, birch):
    keeper.register(door())

    assert Sender(app, birch.tenant).post(an_event()).status_code == 201


def test_senders_events_of_the_apps_own_actions_are_held_to_their_types(sender):
    answer = sender.post(an_event(action="member.removed"))

    assert answer.status_code == 422
    assert "/targets" in [error["pointer"] for error in answer.get_json()["errors"]]


def test_action_that_nobody_could_register_asks_nothing_of_the_database(sender):
    for action in ["\x00", "\ud800", "x" * 4_000, "Door.Opened", 3, None, ["door.opened"]]:
        assert sender.post(copy.deepcopy(an_event(action=action))).status_code == 422


def test_event_is_kept_as_its_type_says(sender, keeper, alder):
    keeper.register(door(**{"x-retention": "security"}))
    typed, untyped = an_event(metadata={"n": 1}), an_event(action="gate.opened")
    sender.post([typed, untyped])

    assert stored(alder, typed).retention == "security"
    assert stored(alder, untyped).retention == "standard"
    assert alder.log("event_type.registered")[-1].retention == "security"
