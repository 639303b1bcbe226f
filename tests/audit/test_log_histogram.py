"""The bars above the log say the same as the list below them."""

import datetime as dt
from urllib.parse import urlencode

import pytest

from app.kernel import clock
from app.kernel.database import unit_of_work
from tests.factories.audit import AuditEventFactory

NOW = clock.now().replace(microsecond=123_456)
MINUTES = (1, 2, 2, 61, 61, 300, 1_439, 1_441, 3_000, 60 * 24 * 40)


def tell(world, moments):
    with world.session(), unit_of_work():
        for number, at in enumerate(moments):
            outcome = ("success", "failure", "denied")[number % 3]
            values = {"occurred_at": at, "outcome": outcome, "action": "bar.counted"}
            AuditEventFactory(tenant_id=world.tenant.id, **values)


@pytest.fixture
def owner(alder):
    tell(alder, [NOW - dt.timedelta(minutes=minutes) for minutes in MINUTES])
    return alder.as_person("owner")


def look(visitor, world, query):
    """Open the log as a browser without script does that wants the bars, too."""
    arguments = urlencode({"q": f"action:bar {query}".strip()})
    return visitor.get(f"{world.path}/audit-log/over-time?{arguments}")


def bars(page):
    """Read the table that says in words what the bars draw: count, failed, and the address."""
    table = next(table for table in page.tree.iter("table") if "ds-histogram" in table.get("class"))
    found = []
    for row in table.find("tbody").iter("tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row]
        numbers = [int(cell.replace(",", "")) for cell in cells if cell.replace(",", "").isdigit()]
        link = next(iter(row.iter("a")), None)
        found.append((*numbers[:2], link.get("href") if link is not None else None))
    return found


def counted(page):
    return len([row for row in page.rows if len(row) == 5])


QUERIES = (
    "",
    "created:24h",
    "created:7d",
    "created:1h",
    "created:>=2020-01-01",
    "outcome:failure",
    "outcome:failure,denied created:7d",
    "-created:1h",
    "created:<1h",
    "created:today",
    "created:1970-01-01..2999-01-01",
)


def test_bars_count_what_the_list_shows(owner, alder):
    for query in QUERIES:
        page = look(owner, alder, query)
        shown = counted(page)
        if shown:
            assert sum(bar[0] for bar in bars(page)) == shown, query
            failed = [row for row in page.rows if len(row) == 5 and row[4] != "success"]
            assert sum(bar[1] for bar in bars(page)) == len(failed), query
            assert 1 <= len(bars(page)) <= 61, query


def test_every_bar_leads_to_the_events_that_it_counts(owner, alder):
    """Also the first and the last, which the window cuts."""
    for query in ("", "created:24h"):
        for count, _failed, href in bars(look(owner, alder, query)):
            if count:
                assert counted(owner.part(href, "results")) == count, (query, href)


def test_many_years_are_drawn_and_nothing_falls_between_the_bars(alder):
    years = (1970, 1987, 1999, 2010, 2026)
    tell(alder, [dt.datetime(year, 5, 17, 3, 33, 33, 333_333, dt.UTC) for year in years])
    page = look(alder.as_person("owner"), alder, "")
    assert counted(page) == len(years)
    assert sum(bar[0] for bar in bars(page)) == len(years)


def test_event_ahead_of_our_clock_is_in_both(alder):
    tell(alder, [NOW, NOW + dt.timedelta(hours=5)])
    owner = alder.as_person("owner")
    for query in ("", "created:>=2020-01-01", "created:2020-01-01..2999-01-01"):
        page = look(owner, alder, query)
        assert counted(page) == 2, query
        assert sum(bar[0] for bar in bars(page)) == 2, query


def test_nothing_found_draws_nothing(alder):
    page = look(alder.as_person("owner"), alder, "")
    assert "No event matches" in page.words
    assert page.tree.find(".//table") is None


def edges_of(page, name):
    (chosen,) = [one for one in page.tree.iter("select") if one.get("name") == name]
    return [option.get("value") for option in chosen.iter("option")]


def test_time_from_one_bar_to_another_can_be_chosen_in_either_order(owner, alder):
    """What the form sends becomes one address, which says what the list shows."""
    page = look(owner, alder, "created:7d")
    first, last = edges_of(page, "from")[2], edges_of(page, "to")[-2]
    kept = {"q": "action:bar created:7d", "size": "25"}
    there = owner.get(f"{alder.path}/audit-log?{urlencode({**kept, 'from': first, 'to': last})}")
    back = owner.get(f"{alder.path}/audit-log?{urlencode({**kept, 'from': last, 'to': first})}")
    asked = {"q": f"action:bar created:{first}..{last}", "size": "25"}
    same = owner.get(f"{alder.path}/audit-log?{urlencode(asked)}")
    assert there.rows == back.rows == same.rows
    assert 0 < len(same.rows) < len(MINUTES)


@pytest.mark.parametrize("edges", [("", ""), ("2026-01-01", "x"), ("2026-01-01T00:00Z",) * 2])
def test_edges_that_mean_no_time_are_left_out(owner, alder, edges):
    arguments = urlencode({"q": "action:bar", "from": edges[0], "to": edges[1]})
    assert counted(owner.get(f"{alder.path}/audit-log?{arguments}")) == len(MINUTES)
