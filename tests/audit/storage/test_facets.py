"""Facets and bars say what the list holds, or that they are estimates."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from app.audit.collection import AUDIT_LOG
from app.audit.facets import MOST_VALUES, facets, without_key
from app.audit.histogram import histogram
from app.audit.search import matches
from app.audit.time_limit import TookTooLong, time_limit
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import matching
from app.kernel.query_language.query import parse
from tests.audit.storage.logs import NOW, WORDS, made_up, tell

MOMENT = Moment(NOW, ZoneInfo("UTC"))
QUERIES = (
    "",
    "created:7d",
    "created:36h",
    "action:door",
    "outcome:failure,denied",
    "-outcome:success action:lamp",
    "actor:u-0",
    "actor:u-0 outcome:success",
    f"{WORDS[0]}",
    f"{WORDS[3]} actor:u-1,u-2 created:20d",
    "-action:door -actor:u-0",
    "target_type:lamp",
    "ip:10.0.0.0/14",
    "absent",
    "created:2d outcome:denied action:report",
)


@pytest.fixture
def full_log(alder, birch):
    tell(alder, made_up(600))
    tell(birch, made_up(60, seed=7))
    return alder


def query_of(text):
    query = parse(text, AUDIT_LOG.fields)
    assert not query.errors, text
    return query


def events_of(session, query):
    return list(session.scalars(matching(AUDIT_LOG, query, MOMENT)))


def values_of(event):
    return {
        "outcome": event.outcome,
        "action": event.action,
        "actor": event.actor_id,
        "target_type": event.target_type,
    }


@pytest.mark.parametrize("text", QUERIES)
def test_facets_count_what_the_list_would_show(full_log, text):
    with full_log.session() as session:
        query = query_of(text)
        for facet in facets(query, MOMENT).facets:
            events = events_of(session, without_key(query, facet.key))
            expected = Counter(values_of(event)[facet.key] for event in events)
            expected.pop(None, None)
            assert facet.is_exact
            found = {value.value: value.count for value in facet.values}
            assert len(found) == min(len(expected), MOST_VALUES), facet.key
            assert found.items() <= expected.items(), facet.key
            least = min(found.values(), default=0)
            assert all(n <= least for value, n in expected.items() if value not in found)


@pytest.mark.parametrize("text", QUERIES)
def test_bars_count_what_the_list_would_show(full_log, text):
    with full_log.session() as session:
        query = query_of(text)
        events = events_of(session, query)
        drawn = histogram(query, MOMENT)
        assert (drawn.total if drawn else 0) == len(events)
        assert drawn is None or drawn.is_exact
        for bar in drawn.buckets if drawn else ():
            inside = [event for event in events if bar.start <= event.occurred_at < bar.end]
            assert bar.count == len(inside)
            assert bar.failed == sum(event.outcome != "success" for event in inside)


@pytest.mark.parametrize("text", ["actor:u-0", f"{WORDS[0]}", "-actor:u-0", "target_type:lamp"])
def test_where_too_much_would_have_to_be_looked_at_numbers_are_estimates(
    full_log, monkeypatch, text
):
    monkeypatch.setattr(matches, "FEW_EVENTS", 10)
    monkeypatch.setattr(matches, "FEW_HITS", 10)
    with full_log.session() as session:
        query = query_of(text)
        expected = len(events_of(session, query))
        drawn = histogram(query, MOMENT)
        assert not drawn.is_exact
        assert expected / 2 < drawn.total < expected * 2
        estimated = {one.key: one for one in facets(query, MOMENT).facets}
        assert not estimated["target_type"].is_exact
        assert drawn.total == histogram(query, MOMENT).total, "The same is drawn again."


@pytest.mark.parametrize("text", ["actor:u-0", f"{WORDS[0]}", "-outcome:success", "created:250d"])
def test_sample_of_a_year_is_drawn_by_days_and_is_as_good(alder, monkeypatch, text):
    monkeypatch.setattr(matches, "FEW_EVENTS", 10)
    monkeypatch.setattr(matches, "FEW_HITS", 10)
    tell(alder, made_up(1_500, days=500))
    with alder.session() as session:
        query = query_of(text)
        of_values = {one.key: one for one in facets(query, MOMENT).facets}
        found = of_values["target_type"]
        expected = len(events_of(session, query))
        assert not found.is_exact
        assert expected / 2 < sum(value.count for value in found.values) < expected * 2
        again = {one.key: one for one in facets(query, MOMENT).facets}
        assert of_values == again, "The same is drawn again."


def test_sample_without_a_match_does_not_say_that_there_is_none(full_log, monkeypatch):
    monkeypatch.setattr(matches, "FEW_EVENTS", 1)
    monkeypatch.setattr(matches, "FEW_HITS", 1)
    with full_log.session() as session:
        rare = [query_of(f"-outcome:success -action:lamp actor:u-{number}") for number in range(40)]
        there = [query for query in rare if events_of(session, query)]
        assert there
        assert all(histogram(query, MOMENT) for query in there)


def test_what_takes_too_long_is_left_out_and_spoils_nothing_else(full_log):
    with full_log.session() as session:
        with pytest.raises(TookTooLong), time_limit(20):
            session.execute(sql("SELECT pg_sleep(2)"))
        query = query_of("actor:u-0")
        assert histogram(query, MOMENT).total == len(events_of(session, query))
        with time_limit(1_000):
            session.execute(sql("SELECT 1"))
        assert session.scalar(sql("SHOW statement_timeout")) == "15s"


def test_database_that_goes_away_meanwhile_is_said_to_be_away(full_log):
    with full_log.session() as session:
        ended = sql("SELECT pg_terminate_backend(pg_backend_pid())")
        with pytest.raises(OperationalError, match="terminating connection"), time_limit(1_000):
            session.execute(ended)


def test_page_says_that_counting_took_too_long(full_log, monkeypatch):
    def give_up(*_arguments):
        raise TookTooLong

    monkeypatch.setattr("app.audit.histogram._from_counts", give_up)
    monkeypatch.setattr("app.audit.facets._facets", give_up)
    page = full_log.as_person("owner").get(f"{full_log.path}/audit-log/over-time")
    assert "Counting took too long" in page.words
    assert len(page.rows) > 1, "The list is there all the same."
    with full_log.session():
        assert facets(query_of(""), MOMENT).took_too_long


def test_the_list_comes_before_its_bars_and_one_search_is_one_event(full_log):
    """The bars are asked for by the page; whoever asks for them alone has searched as well."""
    owner = full_log.as_person("owner")
    page = owner.get(f"{full_log.path}/audit-log", query_string={"q": "action:door"})
    assert "Counting events" in page.words
    (place,) = [figure for figure in page.tree.iter("figure") if figure.get("hx-get")]
    address = place.get("hx-get")
    bars = owner.part(address, "")
    assert "events" in bars.words
    assert len(full_log.log("audit_event.searched")) == 1
    owner.part(address.partition("&shown=")[0], "")
    assert len(full_log.log("audit_event.searched")) == 2
    owner.part(address.replace("door", "lamp"), "")
    assert len(full_log.log("audit_event.searched")) == 3, "The token is of another search."
