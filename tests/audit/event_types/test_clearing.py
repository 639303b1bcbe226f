"""Much that is refused is thrown away at once: by a person, or because it waited too long."""

import datetime as dt
import hashlib

import pytest
from sqlalchemy import select

from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.ingest.quarantine.pruning import prune_quarantine
from app.identity.roles import Role
from app.kernel import clock
from tests.audit.event_types.test_typed_ingestion import set_rules
from tests.factories.quarantine import QuarantinedItemFactory


def waiting(world):
    with world.session() as session:
        return list(session.scalars(select(QuarantinedItem).order_by(QuarantinedItem.id)))


def test_person_discards_everything_of_an_action_and_the_log_says_how_much(alder, birch):
    items = [alder.make(QuarantinedItemFactory) for _ in range(3)]
    alder.make(QuarantinedItemFactory, action="gate.opened")
    birch.make(QuarantinedItemFactory)
    owner = alder.as_person(Role.OWNER)

    page = owner.get(owner.get(f"{alder.path}/quarantine").links["Discard…"])
    page = owner.submit(page, "Discard them", action="door.opened", reason="a test ran wild")

    assert "3 items are discarded" in page.words
    assert [item.action for item in waiting(alder)] == ["gate.opened"]
    assert len(waiting(birch)) == 1
    event = alder.log("quarantine.cleared")[-1]
    hashes = sorted(item.item_hash for item in items)
    assert event.reason == "a test ran wild"
    assert event.extra == {
        "action": "door.opened",
        "items": 3,
        "sha256": hashlib.sha256("\n".join(hashes).encode()).hexdigest(),
    }


def test_nothing_to_discard_is_said_and_leaves_no_event(alder):
    owner = alder.as_person(Role.OWNER)
    page = owner.get(f"{alder.path}/quarantine/discard")

    page = owner.submit(page, "Discard them", expect=409)

    assert "Nothing of that kind waits" in page.errors
    assert alder.log("quarantine.cleared") == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST, Role.SUPPORT, Role.EDITOR])
def test_discarding_is_for_those_who_may(alder, role):
    alder.make(QuarantinedItemFactory)
    visitor = alder.as_person(role)
    values = {"csrf_token": visitor.token(), "action": "*"}

    visitor.post(f"{alder.path}/quarantine/discard", values, expect=403)

    assert len(waiting(alder)) == 1


def test_what_waited_too_long_is_forgotten_with_a_trace_and_the_young_stay(alder):
    set_rules(alder, quarantine_days=7)
    alder.make(QuarantinedItemFactory, received_at=clock.now() - dt.timedelta(days=8))
    young = alder.make(QuarantinedItemFactory)

    with alder.session():
        assert (prune_quarantine(), prune_quarantine()) == (1, 0)

    assert [item.id for item in waiting(alder)] == [young.id]
    (event,) = alder.log("quarantine.cleared")
    assert (event.actor_type, event.actor_name) == ("system", "worker")
    assert event.reason == "Waited longer than 7 days."
