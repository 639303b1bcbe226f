"""Leaves: what an event commits to, and that erasing a person leaves every leaf as it was."""

import dataclasses
import datetime as dt
import hashlib
import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.proof import content
from app.audit.proof.canonical import NotCanonical, canonical_json
from app.audit.proof.content import Unopenable, personal_values
from app.audit.proof.leaves import (
    ERASED_PERSON,
    StoredEvent,
    document_of,
    erased,
    leaf_content,
    leaf_hash,
    new_salt,
    secrets_of,
)
from tests.audit.proof.events import EXAMPLE, stored_events

# What stands beside an event and is no part of it.
BESIDE = {"salt", "commitments"}
OTHER_VALUES = {
    "occurred_at": dt.datetime(2026, 11, 22, 14, 31, 7, 123457, dt.UTC),
    "received_at": dt.datetime(2026, 11, 22, 14, 31, 7, tzinfo=dt.UTC),
    "targets": ({"type": "member", "id": "u-2", "name": "Ana Ruis"}, EXAMPLE.targets[1]),
    "source_ip": "2001:db8::8",
    "changes": {"role": {"before": "analyst", "after": "owner"}},
    "metadata": {**EXAMPLE.metadata, "count": 4},
    "event_type_version": 2,
    "tenant_id": EXAMPLE.id,
    "id": EXAMPLE.tenant_id,
}


def test_content_is_canonical_json():
    spelled = leaf_content(EXAMPLE)
    assert canonical_json(json.loads(spelled)) == spelled


@given(stored_events())
def test_content_of_any_event_is_canonical_json(event):
    spelled = leaf_content(event)
    assert canonical_json(json.loads(spelled)) == spelled


def test_content_holds_no_personal_value():
    text = leaf_content(EXAMPLE).decode()
    for value in personal_values(document_of(EXAMPLE)).values():
        if isinstance(value, str):
            assert value not in text


def test_commitment_is_what_the_documentation_says():
    """Written out here once more, so that a change of the format cannot go unnoticed."""
    salt = hashlib.sha256(b"/actor/name\x00" + EXAMPLE.salt).digest()
    expected = hashlib.sha256(salt + b'"Tomas Ek"').hexdigest()
    assert json.loads(leaf_content(EXAMPLE))["actor"]["name"] == expected


def test_leaf_of_the_example_is_the_one_it_always_was():
    """Every leaf that was ever sealed depends on this: if it changes, nothing verifies."""
    assert leaf_hash(leaf_content(EXAMPLE)).hex() == (
        "15b76f731225f044c970f5ae9b5f51894ad058084b59b3500d555d3650e4fb7d"
    )


@pytest.mark.parametrize(
    "name", [one.name for one in dataclasses.fields(StoredEvent) if one.name not in BESIDE]
)
def test_every_stored_value_is_part_of_the_leaf(name):
    other = replace(EXAMPLE, **{name: OTHER_VALUES.get(name, "another")})
    assert leaf_content(other) != leaf_content(EXAMPLE)


def test_two_events_with_the_same_values_have_nothing_in_common():
    one = json.loads(leaf_content(replace(EXAMPLE, salt=new_salt())))
    two = json.loads(leaf_content(replace(EXAMPLE, salt=new_salt())))
    assert one["actor"]["name"] != two["actor"]["name"]
    same_value = replace(EXAMPLE, actor_id="Tomas Ek")
    assert json.loads(leaf_content(same_value))["actor"]["id"] != one["actor"]["name"]


def test_zone_and_spelling_of_what_is_stored_do_not_matter():
    same = replace(
        EXAMPLE,
        occurred_at=EXAMPLE.occurred_at.astimezone(ZoneInfo("Asia/Kolkata")),
        source_ip="2001:0DB8:0:0::7",
        metadata=dict(reversed(EXAMPLE.metadata.items())),
    )
    assert leaf_content(same) == leaf_content(EXAMPLE)


def test_mapped_address_is_one_however_a_library_writes_it():
    one = replace(EXAMPLE, source_ip="::ffff:192.0.2.1")
    assert leaf_content(one) == leaf_content(replace(EXAMPLE, source_ip="::ffff:c000:201"))


@given(stored_events(), st.data())
def test_erasing_any_values_keeps_the_leaf(event, data):
    values = personal_values(document_of(event))
    going = data.draw(st.sets(st.sampled_from(sorted(values)))) if values else set()
    before = leaf_content(event)
    after = erased(event, going)
    assert leaf_content(after) == before
    assert after.salt is None
    again = erased(after, data.draw(st.sets(st.sampled_from(sorted(values)))) if values else ())
    assert leaf_content(again) == before


@given(stored_events())
def test_nothing_erased_can_be_found_by_trying(event):
    """With the values of everything else at hand, no salt of an erased one is left."""
    everything = personal_values(document_of(event))
    after = erased(event, everything)
    left = json.dumps([document_of(after), dict(secrets_of(after).kept)], default=str)
    assert secrets_of(after).kept == {}
    assert set(secrets_of(after).erased) == set(everything)
    assert event.salt.hex() not in left


def test_erasing_one_person_leaves_the_other_to_be_checked():
    after = erased(EXAMPLE, ["/targets/0/id", "/targets/0/name", "/metadata/email"])
    assert after.actor_name == "Tomas Ek"
    assert (after.target_name, after.targets[0]["name"]) == (ERASED_PERSON, ERASED_PERSON)
    assert after.metadata["email"] is None
    assert leaf_content(after) == leaf_content(EXAMPLE)
    assert leaf_content(replace(after, actor_name="Tomas Eck")) != leaf_content(EXAMPLE)


def test_document_of_an_erased_event_shows_nothing_in_its_place():
    document = document_of(erased(EXAMPLE, ["/actor/name", "/targets/0/name"]))
    assert document["actor"]["name"] is None
    assert document["targets"][0]["name"] is None


def test_name_in_the_place_of_an_erased_one_is_no_sealed_event():
    after = erased(EXAMPLE, ["/actor/name"])
    with pytest.raises(Unopenable, match="was erased"):
        leaf_content(replace(after, actor_name="Somebody Else"))


def test_value_without_any_salt_cannot_be_opened():
    with pytest.raises(Unopenable, match="no salt"):
        leaf_content(replace(EXAMPLE, salt=None))


def test_column_that_does_not_agree_with_the_first_target_changes_the_leaf():
    assert leaf_content(replace(EXAMPLE, target_id="u-3")) != leaf_content(EXAMPLE)
    without = replace(EXAMPLE, targets=(), target_type=None, target_id=None, target_name=None)
    assert leaf_content(replace(without, target_id="u-2")) != leaf_content(without)


def test_text_that_is_no_text_is_refused():
    with pytest.raises(NotCanonical):
        leaf_content(replace(EXAMPLE, reason="\ud800"))


def test_salts_are_random():
    assert len({new_salt() for _ in range(100)}) == 100
    assert {len(new_salt()) for _ in range(10)} == {content.SALT_BYTES}
