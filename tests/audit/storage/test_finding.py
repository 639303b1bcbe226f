"""Finding in steps finds what looking at every event finds, wherever the steps end."""

from zoneinfo import ZoneInfo

import pytest

from app.audit.collection import AUDIT_LOG
from app.audit.models import AuditEvent
from app.audit.search import finding, steps
from app.kernel.collections.declaration import Moment, Wanted
from app.kernel.collections.matching import matching
from app.kernel.query_language.query import parse
from tests.audit.storage.logs import NOW, WORDS, made_up, tell

QUERIES = (
    "",
    "actor:u-0",
    "actor:u-19",
    'actor:"Person 3"',
    "actor:nobody",
    "actor:u-1,u-2",
    "-actor:u-0",
    "action:door",
    "action:door_bell",
    "action:lamp.broken",
    "action:zzz",
    "-action:door",
    "outcome:denied",
    "outcome:failure,denied",
    "-outcome:success",
    "-outcome:success,failure",
    "target:thing-3",
    'target:"Thing 190"',
    "-target:thing-3",
    "target_type:lamp",
    "-target_type:lamp",
    "session:s-0-3",
    "ip:10.0.3.4",
    "ip:10.0.0.0/14",
    "ip:10.0.4.0/22",
    "-ip:10.0.0.0/8",
    "ip:2001:db8::/32",
    "ip:2001:db8::3:0/109",
    "ip:203.0.113.9",
    WORDS[0],
    WORDS[4],
    WORDS[-1],
    "absent",
    f"-{WORDS[0]}",
    f"{WORDS[0]} {WORDS[1]}",
    f'"{WORDS[0]} {WORDS[2]}"',
    f'-"{WORDS[0]} {WORDS[1]}"',
    "OPS-14",
    "10.0.3.4",
    "!!!",
    f"{WORDS[1]} outcome:denied actor:u-2",
    f"{WORDS[2]} created:7d",
    "created:2d",
    "created:<20d",
    "-created:3d",
    "outcome:denied created:10d -created:2d",
    "action:door,lamp.lit -actor:u-0 -action:door.closed",
)
# As they are, and so small that every search takes several steps of every kind.
SMALL = {
    "FIRST_STEPS": 15,
    "SOON": 40,
    "MOST_STEPS": 120,
    "MOST_SEEKS": 3,
    "FIRST_REACH": 40,
    "GROWTH": 2,
}
MOMENT = Moment(NOW, ZoneInfo("UTC"))
PAGE = 30


@pytest.fixture
def full_log(alder, birch):
    tell(alder, made_up(500))
    tell(birch, made_up(60, seed=7))
    return alder


def page_by_page(query, *, rising):
    """Return the ids of all pages, one after the other, and how many pages there were."""
    ids, place, pages = [], None, 0
    while True:
        found = AUDIT_LOG.find(Wanted(query, MOMENT, place, rising, PAGE + 1))
        pages += 1
        shown = found.rows[:PAGE]
        ids += [line.id for line in shown]
        if len(found.rows) > PAGE:
            place = (shown[-1].occurred_at, shown[-1].id)
        elif found.stopped_at is not None:
            assert found.stopped_at != place, "Nobody gets on from here."
            place = found.stopped_at
        else:
            return ids, pages


def one_by_one(session, query, *, rising):
    columns = (AuditEvent.occurred_at, AuditEvent.id)
    order = [column.asc() if rising else column.desc() for column in columns]
    statement = matching(AUDIT_LOG, query, MOMENT).order_by(*order)
    return [event.id for event in session.scalars(statement)]


@pytest.mark.parametrize("steps_are", ["usual", "small"])
def test_every_query_finds_the_same_in_steps_in_both_directions(full_log, monkeypatch, steps_are):
    if steps_are == "small":
        for name, value in SMALL.items():
            monkeypatch.setattr(finding, name, value)
        for module in (finding, steps):
            monkeypatch.setattr(module, "MOST_HITS", 25)
    with full_log.session() as session:
        for text in QUERIES:
            query = parse(text, AUDIT_LOG.fields)
            assert not query.errors, text
            for rising in (False, True):
                expected = one_by_one(session, query, rising=rising)
                found, _pages = page_by_page(query, rising=rising)
                assert found == expected, (text, rising, len(found), len(expected))


def test_total_is_said_only_where_it_is_right(full_log):
    with full_log.session() as session:
        for text in QUERIES:
            query = parse(text, AUDIT_LOG.fields)
            found = AUDIT_LOG.find(Wanted(query, MOMENT, None, rising=False, limit=PAGE + 1))
            if found.total is not None:
                assert found.total == len(one_by_one(session, query, rising=False)), text


def test_search_that_stops_on_the_way_says_so_and_goes_on(full_log, monkeypatch):
    """Networks that are no whole hexadecimal digits, negated, are beyond the index."""
    for name, value in (SMALL | {"MOST_STEPS": 60}).items():
        monkeypatch.setattr(finding, name, value)
    owner = full_log.as_person("owner")
    page = owner.get(f"{full_log.path}/audit-log", query_string={"q": "-ip:0.0.0.0/1 -ip:::/1"})
    seen = 0
    while "Look further" in page.links:
        assert "No event matches so far" in page.words
        page = owner.get(page.links["Look further"])
        seen += 1
    assert seen or "Next" in page.links


def test_page_that_is_not_full_and_leads_on_says_why(full_log, monkeypatch):
    for name, value in (SMALL | {"MOST_STEPS": 60, "MOST_SEEKS": 1}).items():
        monkeypatch.setattr(finding, name, value)
    for module in (finding, steps):
        monkeypatch.setattr(module, "MOST_HITS", 5)
    owner = full_log.as_person("owner")
    led_on = []
    for text in QUERIES:
        page = owner.get(f"{full_log.path}/audit-log", query_string={"q": text})
        rows = [row for row in page.rows if len(row) > 1]
        if rows and len(rows) < 50 and "Next" in page.links:
            led_on.append("not all is looked through yet: go on for more" in page.words)
    assert led_on
    assert all(led_on)
