"""The filters of the audit log: each finds exactly what it says, and mistakes lose nothing."""

import datetime as dt
from urllib.parse import urlencode

import pytest

from app.kernel import clock
from app.kernel.times import span
from tests.factories.audit import AuditEventFactory

NOW = clock.now()
EVENTS = (
    {"action": "door.opened", "actor_id": "u-1", "actor_name": "Ann Meyer", "outcome": "success"},
    {"action": "door.closed", "actor_id": "u-2", "actor_name": "Bob", "outcome": "failure"},
    {"action": "lamp.lit", "actor_id": "u-1", "actor_name": "Ann Meyer", "outcome": "denied"},
)
PLACES = (
    {"target_id": "d-1", "target_name": "Front door", "source_ip": "198.51.100.7"},
    {"target_id": "d-2", "target_name": 'Door "B", left', "source_ip": "198.51.101.7"},
    {"target_id": "l-1", "target_name": "Lamp", "source_ip": None},
)
AGES = (dt.timedelta(minutes=5), dt.timedelta(hours=5), dt.timedelta(days=5))
HOUSE = "action:door,lamp"

FOUND = {
    "actor:u-1": "door.opened lamp.lit",
    'actor:"Ann Meyer"': "door.opened lamp.lit",
    "-actor:u-1": "door.closed",
    "actor:u-1,u-2": "door.opened door.closed lamp.lit",
    "actor:ann": "",
    "action:door.opened": "door.opened",
    "action:lamp": "lamp.lit",
    "-action:door": "lamp.lit",
    "target:d-2": "door.closed",
    'target:"Door \\"B\\", left"': "door.closed",
    "-target:Lamp": "door.opened door.closed",
    "outcome:failure,denied": "door.closed lamp.lit",
    "OUTCOME:Success": "door.opened",
    "-outcome:success": "door.closed lamp.lit",
    "ip:198.51.100.7": "door.opened",
    "ip:198.51.0.0/16": "door.opened door.closed",
    "-ip:198.51.100.0/24": "door.closed lamp.lit",
    "created:1h": "door.opened",
    "created:<1h": "door.closed lamp.lit",
    "-created:1h": "door.closed lamp.lit",
    "created:7d outcome:denied": "lamp.lit",
    "actor:u-1 outcome:denied": "lamp.lit",
    "door": "door.opened door.closed",
    '"front door"': "door.opened",
    '"door front"': "",
    "-door": "lamp.lit",
    "meyer -lamp": "door.opened",
}


@pytest.fixture
def owner(alder):
    for event, place, age in zip(EVENTS, PLACES, AGES, strict=True):
        alder.make(AuditEventFactory, **event, **place, occurred_at=NOW - age)
    return alder.as_person("owner")


def actions(page):
    return [row[2] for row in page.rows if len(row) == 5]


def test_every_filter_finds_exactly_what_it_says(owner, alder):
    for query, found in FOUND.items():
        asked = query if query.startswith("action:") else f"{HOUSE} {query}"
        page = owner.part(f"{alder.path}/audit-log?{urlencode({'q': asked})}", "results")
        assert not page.errors, query
        assert actions(page) == found.split(), query


def test_chip_takes_away_its_own_part_only(owner, alder):
    page = owner.get(f"{alder.path}/audit-log?q=action:door+-outcome:failure")
    assert actions(page) == ["door.opened"]
    page = owner.get(page.links["Remove filter: not Outcome failure"])
    assert actions(page) == ["door.opened", "door.closed"]


def test_query_in_several_parts_is_one_query(owner, alder):
    """Without script the browser sends each chip and the text box as a `q` of its own."""
    page = owner.get(f"{alder.path}/audit-log?q=action:door&q=outcome:failure&q=")
    assert actions(page) == ["door.closed"]
    href = next(href for href in page.links.values() if "detail=" in href)
    assert actions(owner.get(href)) == ["door.closed"]
    assert actions(owner.get(owner.get(href).links["Close the detail"])) == ["door.closed"]


@pytest.mark.parametrize(
    ("query", "words", "place"),
    [
        ("action:door outcome:maybe", "success, failure, denied", 20),
        ("nonsense:x door", "nonsense", 0),
        ("created:>=2026-13-01", "", 10),
        ("ip:300.1.1.1", "", 3),
        ('door "open', "", 5),
    ],
)
def test_mistake_is_named_with_its_place_and_nothing_typed_is_lost(
    owner, alder, query, words, place
):
    page = owner.get(f"{alder.path}/audit-log", query_string={"q": query})
    assert words in page.errors
    assert page.form("Apply the filter").values["q"] == query
    (mark,) = page.tree.iter("pre")
    typed, caret = "".join(mark.itertext()).splitlines()
    assert typed == query
    assert caret.index("^") == place


def test_filter_that_finds_nothing_offers_a_way_back(owner, alder):
    page = owner.get(f"{alder.path}/audit-log?q=action:nothing")
    assert "No event matches this filter" in page.words
    assert page.links["Clear the filter"] == f"{alder.path}/audit-log"


def test_time_presets_replace_the_time_and_keep_the_rest(owner, alder):
    page = owner.get(f"{alder.path}/audit-log?q=action:door+created:1h")
    assert actions(page) == ["door.opened"]
    page = owner.get(page.links["Last 24 hours"])
    assert actions(page) == ["door.opened", "door.closed"]


def test_address_of_a_filter_is_the_same_for_a_colleague(owner, alder):
    path = f"{alder.path}/audit-log?q=outcome:denied+action:lamp"
    assert actions(alder.as_person("auditor").get(path)) == actions(owner.get(path))


def test_chip_of_an_exact_stretch_of_time_is_in_the_zone_of_the_page(alder):
    page = alder.as_person("analyst").get(
        f"{alder.path}/audit-log?q=created:2026-01-15T12:00Z..2026-01-16T12:00Z"
    )
    days = (dt.datetime(2026, 1, day, 12, tzinfo=dt.UTC) for day in (15, 16))
    assert f"Time {span(*days, alder.tenant.zone)}" in page.words
