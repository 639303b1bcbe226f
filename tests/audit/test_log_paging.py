"""Walking through the log: every event once, in order, forwards and back."""

import datetime as dt
from itertools import chain

import pytest

from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from tests.factories.audit import AuditEventFactory

COUNT = 120
QUERY = "action:walk"
START = clock.now() - dt.timedelta(days=1)


@pytest.fixture
def walk(alder):
    """120 events; every ten share one microsecond."""
    ids = []
    with alder.session(), unit_of_work():
        for number in range(COUNT):
            at = START + dt.timedelta(seconds=number // 10)
            event_id = uuid7()
            ids.append((at, event_id))
            values = {"target_name": f"step {number}", "action": "walk.on"}
            AuditEventFactory(tenant_id=alder.tenant.id, id=event_id, occurred_at=at, **values)
    return [str(event_id) for _, event_id in sorted(ids, reverse=True)]


def ids_of(page):
    links = (link.get("id", "") for link in page.tree.iter("a"))
    return [ident.removeprefix("row-") for ident in links if ident.startswith("row-")]


def log(alder, **arguments):
    return {"path": f"{alder.path}/audit-log", "query_string": {"q": QUERY, **arguments}}


def follow(visitor, page, label):
    while True:
        yield ids_of(page)
        if label not in page.links:
            return
        page = visitor.get(page.links[label])


def last_page(visitor, page):
    while "Next" in page.links:
        page = visitor.get(page.links["Next"])
    return page


@pytest.mark.parametrize("size", [25, 50, 100])
def test_next_shows_every_event_once_in_order(alder, walk, size):
    owner = alder.as_person("owner")
    pages = list(follow(owner, owner.get(**log(alder, size=size)), "Next"))
    assert {len(page) for page in pages[:-1]} == {size}
    assert list(chain(*pages)) == walk


def test_previous_leads_back_the_same_way(alder, walk):
    owner = alder.as_person("owner")
    page = last_page(owner, owner.get(**log(alder, size=25)))
    pages = list(follow(owner, page, "Previous"))
    assert list(chain(*reversed(pages))) == walk


def test_first_page_has_no_way_back_and_the_last_none_on(alder, walk):
    owner = alder.as_person("owner")
    first = owner.get(**log(alder))
    assert "Previous" not in first.links
    last = last_page(owner, first)
    assert "Next" not in last.links


def test_event_that_arrives_meanwhile_moves_nothing(alder, walk):
    owner = alder.as_person("owner")
    first = owner.get(**log(alder))
    alder.make(AuditEventFactory, action="walk.on")
    second = owner.get(first.links["Next"])
    assert ids_of(first) + ids_of(second) == walk[:100]


def test_page_size_is_kept_from_page_to_page(alder, walk):
    owner = alder.as_person("owner")
    page = owner.get(**log(alder))
    page = owner.get(page.links["25"])
    assert len(ids_of(page)) == 25
    assert len(ids_of(owner.get(page.links["Next"]))) == 25


def test_forged_cursor_shows_the_start_and_says_so(alder, walk):
    owner = alder.as_person("owner")
    good = owner.get(**log(alder)).links["Next"].split("cursor=")[1]
    for cursor in ("x", good[:-2], f"{good}x", good.replace(".", ""), "W10.x"):
        page = owner.get(**log(alder, cursor=cursor))
        assert "place in the list could not be read; here is the start" in page.words
        assert ids_of(page) == walk[:50]


def test_cursor_of_another_query_list_or_tenant_does_not_count(alder, birch, walk):
    owner = alder.as_person("owner")
    cursor = owner.get(**log(alder)).links["Next"].split("cursor=")[1].split("&")[0]
    other_query = {"q": "action:walk.on", "cursor": cursor}
    page = owner.get(f"{alder.path}/audit-log", query_string=other_query)
    assert "here is the start" in page.words
    page = owner.get(f"{alder.path}/people", query_string={"cursor": cursor})
    assert "here is the start" in page.words


def test_cursor_is_a_place_and_no_key_to_another_tenant(alder, birch, walk):
    owner = alder.as_person("owner")
    cursor = owner.get(**log(alder)).links["Next"].split("cursor=")[1].split("&")[0]
    page = birch.as_person("owner").get(**log(birch, cursor=cursor))
    assert ids_of(page) == []


def test_count_says_how_many_there_are(alder, walk):
    assert "120 events ·" in alder.as_person("owner").get(**log(alder)).words


def test_head_of_the_time_column_turns_the_list_round_and_back(alder, walk):
    owner = alder.as_person("owner")
    newest = owner.get(**log(alder, size=25))
    oldest = owner.get(newest.links["Time"])
    assert "Oldest first" in oldest.words
    pages = list(follow(owner, oldest, "Next"))
    assert list(chain(*pages)) == walk[::-1]
    assert ids_of(owner.get(oldest.links["Time"])) == walk[:25]


def test_cursor_of_one_order_is_no_place_in_the_other(alder, walk):
    owner = alder.as_person("owner")
    newest = owner.get(**log(alder, size=25))
    turned = owner.get(f"{newest.links['Next']}&sort=turned")
    assert ids_of(turned)[:1] == walk[-1:]
    assert "place in the list could not be read" in turned.words


def test_unknown_order_is_answered_with_the_list_s_own_and_a_notice(alder, walk):
    owner = alder.as_person("owner")
    page = owner.get(**log(alder, sort="actor"))
    assert ids_of(page) == walk[:50]
    assert "no such order" in page.words
