"""Reading, searching and exporting the log are in the log, with no way around."""

from uuid import uuid4

import pytest

from tests.factories.audit import AuditEventFactory


@pytest.fixture
def event(alder):
    return alder.make(AuditEventFactory, action="door.opened")


def queries(world):
    return [event.extra["query"] for event in world.log("audit_event.searched")]


def reads(world):
    return [event.target_id for event in world.log("audit_event.read")]


def test_search_is_in_the_log_with_its_query(alder, event):
    alder.as_person("analyst").get(f"{alder.path}/audit-log?q=outcome:success+ACTION:door")
    assert queries(alder) == ["action:door outcome:success"]
    assert alder.log("audit_event.searched")[0].actor_name == "Analyst of Alder"


def test_opening_the_log_without_a_filter_is_no_search(alder, event):
    alder.as_person("analyst").get(f"{alder.path}/audit-log")
    assert queries(alder) == []


def test_search_for_a_part_of_the_page_is_in_the_log_too(alder, event):
    alder.as_person("analyst").part(f"{alder.path}/audit-log?q=action:door", "results")
    assert queries(alder) == ["action:door"]


@pytest.mark.parametrize("detail", ["nonsense", "0190b5a2-0000-7000-8000-000000000000", None])
def test_open_drawer_is_no_way_around_the_log(alder, event, detail):
    address = f"{alder.path}/audit-log?q=action:door&detail={detail or event.id}"
    page = alder.as_person("analyst").get(address)
    assert "1 event ·" in page.words
    assert queries(alder) == ["action:door"]
    assert reads(alder) == ([] if detail else [str(event.id)])


def test_drawer_alone_is_a_read_and_no_search(alder, event):
    address = f"{alder.path}/audit-log?q=action:door&detail={event.id}"
    part = alder.as_person("analyst").part(address, "detail")
    assert "1 event ·" not in part.words
    assert (queries(alder), reads(alder)) == ([], [str(event.id)])


def test_page_of_an_event_is_a_read(alder, event):
    alder.as_person("auditor").get(f"{alder.path}/audit-log/{event.id}")
    assert reads(alder) == [str(event.id)]
    assert alder.log("audit_event.read")[0].target_name == "door.opened"


def test_looking_for_what_is_not_there_is_no_read(alder, event):
    alder.as_person("auditor").get(f"{alder.path}/audit-log/{uuid4()}", expect=404)
    assert reads(alder) == []


def test_every_page_of_a_search_is_in_the_log(alder):
    for _ in range(30):
        alder.make(AuditEventFactory, action="door.opened")
    analyst = alder.as_person("analyst")
    page = analyst.get(f"{alder.path}/audit-log?q=action:door&size=25")
    analyst.get(page.links["Next"])
    assert queries(alder) == ["action:door", "action:door"]
