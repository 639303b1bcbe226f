from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.kernel.query_language.terms import Operator, Term
from app.kernel.query_language.times import TimeWindow, between, bounding_window, window

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

# In Berlin, an hour ahead, it is already half past midnight of the 23rd.
EXAMPLES = [
    ("2026-11-01", "2026-10-31T23:00", "2026-11-01T23:00"),
    ("2026-11-01T09:30", "2026-11-01T08:30", "2026-11-01T08:31"),
    ("2026-11-01T09:30:15", "2026-11-01T08:30:15", "2026-11-01T08:30:16"),
    ("2026-11-01T09:30:15.25", "2026-11-01T08:30:15.250", "2026-11-01T08:30:15.260"),
    ("2026-11-01T09:30Z", "2026-11-01T09:30", "2026-11-01T09:31"),
    ("2026-11-01T09:30-05:00", "2026-11-01T14:30", "2026-11-01T14:31"),
    ("today", "2026-11-22T23:00", "2026-11-23T23:00"),
    ("yesterday", "2026-11-21T23:00", "2026-11-22T23:00"),
    ("30m", "2026-11-22T23:00", "2026-11-22T23:30"),
    ("24h", "2026-11-21T23:30", "2026-11-22T23:30"),
    ("2w", "2026-11-08T23:30", "2026-11-22T23:30"),
    (">=2026-11-01", "2026-10-31T23:00", None),
    (">2026-11-01", "2026-11-01T23:00", None),
    ("<=2026-11-01", None, "2026-11-01T23:00"),
    ("<2026-11-01", None, "2026-10-31T23:00"),
    (">=24h", "2026-11-21T23:30", None),
    ("<24h", None, "2026-11-21T23:30"),
    ("<=now", None, "2026-11-22T23:30"),
    ("2026-11-01..2026-11-03", "2026-10-31T23:00", "2026-11-03T23:00"),
    ("2026-11-01T09:00..2026-11-01T10:00", "2026-11-01T08:00", "2026-11-01T09:00"),
    ("7d..24h", "2026-11-15T23:30", "2026-11-21T23:30"),
    ("2026-11-01..now", "2026-10-31T23:00", "2026-11-22T23:30"),
]


def _utc(text):
    return text and datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("value", "start", "end"), EXAMPLES)
def test_time_term_is_a_window_in_the_zone_of_the_tenant(ask, value, start, end):
    (term,) = ask(f"created:{value}").terms
    assert window(term, NOW, BERLIN) == TimeWindow(_utc(start), _utc(end))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_day_of_a_clock_change_is_as_long_as_it_is(ask, day, hours):
    (term,) = ask(f"created:{day}").terms
    found = window(term, NOW, BERLIN)
    assert found.end - found.start == timedelta(hours=hours)


def test_day_after_today_in_utc_is_today_where_it_has_begun(ask):
    (term,) = ask("created:today").terms
    assert window(term, NOW, UTC).end == window(term, NOW, BERLIN).start + timedelta(hours=1)


def test_hour_that_occurs_twice_is_the_first_and_an_offset_names_the_second(ask):
    (plain,) = ask("created:2026-10-25T02:30").terms
    (second,) = ask("created:2026-10-25T02:30+01:00").terms
    assert window(plain, NOW, BERLIN).start == _utc("2026-10-25T00:30")
    assert window(second, NOW, BERLIN).start == _utc("2026-10-25T01:30")


def test_range_that_only_the_clock_shows_to_be_reversed_is_empty(ask):
    (term,) = ask("created:today..2026-11-01").terms
    assert window(term, NOW, BERLIN).is_empty
    assert not TimeWindow().is_empty


def test_ranges_between_moments_meet_without_overlap():
    edges = [NOW, NOW + timedelta(microseconds=1), NOW + timedelta(hours=1)]
    first, second = (between("created", *pair) for pair in (edges[:2], edges[1:]))
    assert window(first, NOW, BERLIN) == TimeWindow(edges[0], edges[1])
    assert window(second, NOW, BERLIN) == TimeWindow(edges[1], edges[2])


def test_range_between_moments_of_the_tenants_zone_is_written_in_utc(ask):
    moment = datetime(2026, 11, 1, 9, 0, tzinfo=BERLIN)
    query = ask("").with_term(between("created", moment, moment + timedelta(seconds=90)))
    assert query.canonical() == "created:2026-11-01T08:00Z..2026-11-01T08:01:30Z"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", None, None),
        ("created:2026-11-01,2026-11-05", "2026-11-01T00:00", "2026-11-06T00:00"),
        ("created:>=2026-11-01 created:<2026-11-03", "2026-11-01T00:00", "2026-11-03T00:00"),
        (
            "created:2026-11-01,2026-11-05 created:<=2026-11-02",
            "2026-11-01T00:00",
            "2026-11-03T00:00",
        ),
        ("-created:2026-11-01", None, None),
        ("created:<2026-11-03", None, "2026-11-03T00:00"),
    ],
)
def test_bounding_window_holds_all_that_can_match(ask, text, start, end):
    found = bounding_window(ask(text).terms_of("created"), NOW, UTC)
    assert found == TimeWindow(_utc(start), _utc(end))


def test_free_text_has_no_window():
    with pytest.raises(ValueError, match="no window"):
        window(Term(None, Operator.CONTAINS, ("24h",)), NOW, UTC)
