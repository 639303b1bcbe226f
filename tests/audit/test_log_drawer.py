"""One event: beside the list, on a page of its own, or gone."""

import pytest

from tests.factories.audit import AuditEventFactory

HOSTILE = '<script>alert(1)</script> "quoted" \\ & \u202eright to left'


@pytest.fixture
def event(alder):
    return alder.make(
        AuditEventFactory,
        action="door.opened",
        target_name="Front door",
        source_ip="198.51.100.7",
        reason="ticket 4711",
        user_agent="Controller/2.0",
        extra={"badge_number": 17, "forced": False, "note": None},
        changes={"state": {"before": "closed", "after": "open"}},
    )


def test_drawer_has_an_address_of_its_own(alder, event):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/audit-log?q=action:door&detail={event.id}")
    assert "Door opened: Front door" in page.words
    assert len([row for row in page.rows if len(row) == 5]) == 1
    assert page.links["Close the detail"] == f"{alder.path}/audit-log?q=action%3Adoor"


def test_drawer_shows_everything_that_is_known(alder, event):
    owner = alder.as_person("owner")
    words = owner.get(f"{alder.path}/audit-log?detail={event.id}").words
    for known in (
        "198.51.100.7",
        "ticket 4711",
        "Controller/2.0",
        "Badge number 17",
        "Forced False",
        "closed",
        "open",
        str(event.id),
        "Ann Example (person)",
    ):
        assert known in words, known


def test_row_opens_the_drawer_as_a_part(alder, event):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/audit-log?q=action:door")
    row = page.tree.find(f".//a[@id='row-{event.id}']")
    part = owner.part(row.get("href"), "detail")
    assert "<html" not in part.text
    assert "Door opened: Front door" in part.words
    assert not part.rows


def test_event_has_a_page_of_its_own(alder, event):
    owner = alder.as_person("owner")
    drawer = owner.get(f"{alder.path}/audit-log?detail={event.id}")
    page = owner.get(drawer.links["Open as a page"])
    assert page.heading == "Door opened: Front door"
    assert "ticket 4711" in page.words


@pytest.mark.parametrize("detail", ["nonsense", "0190b5a2-0000-7000-8000-000000000000", "a\x01b"])
def test_event_that_is_not_there_leaves_the_list_as_it_is(alder, event, detail):
    owner = alder.as_person("owner")
    arguments = {"q": "action:door", "detail": detail}
    page = owner.get(f"{alder.path}/audit-log", query_string=arguments)
    assert "No such event" in page.words
    assert len([row for row in page.rows if len(row) == 5]) == 1
    assert alder.log("audit_event.read") == []


def test_pivots_lead_to_the_neighbours(alder, event):
    alder.make(AuditEventFactory, target_id=event.target_id, actor_id="u-other")
    alder.make(AuditEventFactory, source_ip="198.51.100.7", actor_id="u-other")
    owner = alder.as_person("owner")
    drawer = owner.get(f"{alder.path}/audit-log?detail={event.id}")
    for label, count in (("Same actor", 1), ("Same target", 2), ("Same address", 2)):
        assert f"{count} event" in owner.get(drawer.links[label]).words, label


@pytest.mark.parametrize("text", [HOSTILE, "x" * 400, "a,b:c d..e", '"', "-", "\\"])
def test_whatever_a_program_sends_is_shown_and_found_again(alder, text):
    values = dict.fromkeys(("actor_id", "actor_name", "target_id", "target_name"), text)
    made = alder.make(AuditEventFactory, action="odd.event", **values)
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/audit-log?q=action:odd&detail={made.id}")
    assert "<script>alert" not in page.text
    owner.get(page.links["Open as a page"])
    for label in ("Same actor", "Same target"):
        found = owner.get(page.links[label])
        assert not found.errors, label
        assert "1 event ·" in found.words, label


def test_event_of_another_tenant_is_not_there(alder, birch):
    theirs = birch.make(AuditEventFactory, target_name="Document of Birch")
    page = alder.as_person("owner").get(f"{alder.path}/audit-log?detail={theirs.id}")
    assert "No such event" in page.words
    assert "Document of Birch" not in page.text
