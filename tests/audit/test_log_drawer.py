"""One event: beside the list, on a page of its own, or gone."""

import datetime as dt

import pytest

from app.kernel import clock
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
        "Forced false",
        "closed",
        "open",
        str(event.id),
        "Ann Example person",
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


def test_drawer_leads_to_the_rows_above_and_below(alder):
    made = [alder.make(AuditEventFactory, action="door.opened") for _ in range(3)]
    owner = alder.as_person("owner")
    middle = owner.get(f"{alder.path}/audit-log?q=action:door&columns=ip&detail={made[1].id}")
    above, below = middle.links["Row above"], middle.links["Row below"]
    assert f"detail={made[2].id}" in above
    assert f"detail={made[0].id}" in below
    assert "q=action%3Adoor&columns=ip" in above
    assert "Row above" not in owner.get(above).links
    assert "Row below" not in owner.get(below).links


def test_session_and_minutes_around_are_pivots(alder):
    at = clock.now() - dt.timedelta(days=3)
    event, *_ = [
        alder.make(
            AuditEventFactory,
            action="door.opened",
            session="s-1" if minutes % 2 else "s-2",
            occurred_at=at + dt.timedelta(minutes=minutes),
        )
        for minutes in (0, 3, -4, 7, -9)
    ]
    owner = alder.as_person("owner")
    drawer = owner.get(f"{alder.path}/audit-log?detail={event.id}")
    around = owner.get(drawer.links["5 minutes around"])
    assert "3 events ·" in around.words
    # The event itself stays open, so that it is seen among the others.
    assert "Door opened" in around.words
    assert f"detail={event.id}" in drawer.links["5 minutes around"]
    assert "2 events ·" in owner.get(drawer.links["Same session"]).words


def test_long_values_are_folded_and_there_in_full(alder):
    text = "a long note. " * 60
    event = alder.make(AuditEventFactory, changes={"note": {"before": None, "after": text}})
    page = alder.as_person("owner").get(f"{alder.path}/audit-log?detail={event.id}")
    folded = next(n for n in page.tree.iter("details") if n.get("class") == "ds-summary__long")
    assert "780 characters" in "".join(folded.itertext())
    assert text in "".join(folded.itertext())


def test_event_is_there_as_json_as_the_api_says_it(alder, event):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/audit-log/{event.id}")
    answer = owner.client.get(page.links["Open the JSON alone"])
    assert answer.mimetype == "application/json"
    assert answer.json["changes"] == {"state": {"before": "closed", "after": "open"}}
    assert answer.json["source"]["ip"] == "198.51.100.7"
    assert '"badge_number": 17' in page.words
    assert len(alder.log("audit_event.read")) == 2


def test_long_json_is_cut_on_the_page_and_whole_in_its_file(alder):
    extra = {f"key_{n:02}": "x" * 500 for n in range(40)}
    event = alder.make(AuditEventFactory, extra=extra)
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/audit-log?detail={event.id}")
    (whole,) = [href for words, href in page.links.items() if words.startswith("It goes on")]
    assert owner.client.get(whole).json["metadata"] == extra
