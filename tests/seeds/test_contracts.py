"""The tenants' own types and what waits in quarantine are as the product would have made them."""

import json
from collections import Counter

from app.audit.contract.machine import list_problems
from app.audit.contract.refusal import RefusalKind
from app.audit.event_types.comparing import list_breaks
from app.audit.event_types.dialect import list_schema_problems
from app.audit.event_types.event_type import make_contract
from app.audit.event_types.own import own_contract, own_types
from app.audit.event_types.samples import list_sample_problems
from seeds.contracts import types_at
from seeds.refusals import KIOSK_BOOKINGS
from tests.seeds.test_story import as_sent


def all_types(scene, now):
    return types_at(scene, now)


def test_every_type_is_one_that_could_be_registered(story, now):
    for scene in story.scenes:
        types = all_types(scene, now)
        assert types
        for (action, version), kind in types.items():
            assert list_schema_problems(kind.schema) == []
            assert list_sample_problems(kind) == []
            before = types.get((action, version - 1))
            if before is not None and before.major == kind.major:
                assert list_breaks(before.schema, kind.schema) == []


def test_every_event_fits_the_version_that_it_was_held_to(story, now):
    checked = Counter()
    for scene in story.scenes:
        contracts = {key: make_contract(kind) for key, kind in all_types(scene, now).items()}
        for event in scene.events:
            if not event.version:
                continue
            is_own = event.action in own_types()
            contract = (
                own_contract(event.action, event.version)
                if is_own
                else contracts[(event.action, event.version)]
            )
            assert list_problems(contract.validator, as_sent(event)) == [], event
            assert event.retention == contract.retention
            checked["own" if is_own else "tenant"] += 1
    assert checked["own"] > 500
    assert checked["tenant"] > 500


def test_both_registered_and_unregistered_events_are_there_to_look_at(alder_scene):
    versions = {event.version for event in alder_scene.events}
    assert {0, 1, 2} <= versions


def test_quarantine_holds_each_kind_of_mistake(alder_scene, now):
    kinds = Counter(item.kind for item in alder_scene.refused)
    assert kinds[RefusalKind.TYPE] == KIOSK_BOOKINGS + 1
    assert set(kinds) == {RefusalKind.TYPE, RefusalKind.FRAME, RefusalKind.UNREADABLE}
    assert all(item.received_at < now for item in alder_scene.refused)
    kiosk = [item for item in alder_scene.refused if item.action == "appointment.booked"]
    pointers = {problem["pointer"] for item in kiosk for problem in item.problems}
    assert pointers == {"/metadata/channel"}
    assert {json.loads(item.item)["metadata"]["channel"] for item in kiosk} == {"kiosk"}
