"""Beside the list: which values its events have, each a way to narrow or to widen."""

import pytest

from app.audit import explorer
from app.audit.facets import Facet, Facets, FacetValue
from tests.factories.audit import AuditEventFactory


@pytest.fixture
def analyst(alder):
    for number in range(6):
        outcome = "failure" if number < 2 else "success"
        alder.make(AuditEventFactory, action="door.opened", outcome=outcome, actor_id="u-ann")
    alder.make(AuditEventFactory, action="door.closed", actor_id="u-bo", actor_name="Bo Berg")
    return alder.as_person("analyst")


def log_of(world, query=""):
    return f"{world.path}/audit-log{query}"


def values(page, group):
    """Read a group of values: what each is, how often it occurs, and where it leads."""
    found = {}
    for section in page.tree.iter("section"):
        if section.get("aria-label") == group:
            for line in section.iter("li"):
                label, number = (" ".join("".join(p.itertext()).split()) for p in line[-2:])
                found[label] = (number, line.find(".//a"))
    return found


def part(visitor, world, query):
    return visitor.part(f"{log_of(world)}/values{query}", "")


def test_list_does_not_wait_for_values(alder, analyst):
    page = analyst.get(log_of(alder, "?q=action:door"))
    assert "Counting values" in page.words
    panel = next(n for n in page.tree.iter("section") if n.get("aria-label") == "Narrow by")
    assert "/audit-log/values?q=action%3Adoor" in panel.get("hx-get")


def test_values_are_counted_and_lead_to_their_events(alder, analyst):
    counted = part(analyst, alder, "?q=action:door")
    assert {k: v[0] for k, v in values(counted, "Outcome").items()} == {
        "success": "5",
        "failure": "2",
    }
    assert {k: v[0] for k, v in values(counted, "Actor").items()} == {
        "Ann Example": "6",
        "Bo Berg": "1",
    }
    page = analyst.get(values(counted, "Actor")["Bo Berg"][1].get("href"))
    assert [row[2] for row in page.rows if len(row) == 5] == ["door.closed"]


def test_second_value_widens_and_a_chosen_one_is_taken_away(alder, analyst):
    counted = part(analyst, alder, "?q=action:door+outcome:failure")
    chosen = values(counted, "Outcome")
    assert chosen["failure"][1].get("aria-current") == "true"
    assert "outcome%3Afailure%2Csuccess" in chosen["success"][1].get("href")
    assert chosen["failure"][1].get("href").endswith("/audit-log?q=action%3Adoor")


def test_values_keep_view_columns_and_size(alder, analyst):
    counted = part(analyst, alder, "?q=action:door&columns=ip&size=25")
    href = values(counted, "Outcome")["success"][1].get("href")
    assert href.endswith("?q=action%3Adoor+outcome%3Asuccess&columns=ip&size=25")


def test_without_script_the_page_itself_has_values_and_bars(alder, analyst):
    page = analyst.get(f"{log_of(alder)}/values?q=action:door")
    assert values(page, "Outcome")["failure"][0] == "2"
    assert "7 events, 2 failed" in page.words
    assert len([row for row in page.rows if len(row) == 5]) == 7


def test_count_of_a_search_that_nobody_saw_is_a_search(alder, analyst):
    part(analyst, alder, "?q=action:door")
    page = analyst.get(log_of(alder, "?q=action:door"))
    panel = next(n for n in page.tree.iter("section") if n.get("aria-label") == "Narrow by")
    analyst.part(panel.get("hx-get"), "")
    searched = [event.extra["query"] for event in alder.log("audit_event.searched")]
    assert searched == ["action:door", "action:door"]


def test_values_that_took_too_long_say_so(alder, analyst, monkeypatch):
    monkeypatch.setattr(explorer, "facets", lambda *_: Facets((), took_too_long=True))
    assert "Counting took too long" in part(analyst, alder, "?q=action:door").words


def test_estimates_say_that_they_are_estimates(alder, analyst, monkeypatch):
    guess = Facet("outcome", (FacetValue("success", "success", 52_345),), is_exact=False)
    monkeypatch.setattr(explorer, "facets", lambda *_: Facets((guess,)))
    counted = part(analyst, alder, "?q=action:door")
    assert values(counted, "Outcome")["success"][0] == "≈ 52,000"
    assert "Numbers with ≈ are estimates" in counted.words
