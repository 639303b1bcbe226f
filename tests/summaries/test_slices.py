"""Slices: absolute whatever was typed, and equal to what the audit log shows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.audit.collection import AUDIT_LOG
from app.audit.queries import LogSlice
from app.kernel.query_language.query import parse
from app.kernel.query_language.times import window
from app.summaries.slices import freeze, title_of

NOW = datetime(2026, 11, 22, 14, 31, 7, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
LATER = NOW + timedelta(days=40)


def frozen(text):
    return freeze(parse(text, AUDIT_LOG.fields), NOW, OSLO)


@pytest.mark.parametrize(
    "text", ["created:24h", "created:today", "created:>=2026-11-01 created:<7d", ""]
)
def test_a_plain_window_needs_no_time_in_the_query(text):
    assert frozen(f"{text} actor:ann").canonical() == "actor:ann"


@pytest.mark.parametrize(
    "text",
    [
        "-created:1h created:24h",
        "created:2026-11-01,2026-11-08",
        "created:today,yesterday",
        "-created:>=2h",
        "-created:<2026-11-20T09:30:15.5",
    ],
)
def test_gaps_and_alternatives_stay_and_mean_the_same_later(text):
    asked, kept = parse(text, AUDIT_LOG.fields), frozen(text)

    def windows(query, now):
        return sorted(
            (term.negated, str(window(term, now, OSLO))) for term in query.terms_of("created")
        )

    assert kept.errors == ()
    assert windows(kept, LATER) == windows(asked, NOW)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", "All events, 21 Nov 2026 – 22 Nov 2026"),
        (
            'outcome:failure -actor:"Ann Example" report',
            "Not actor Ann Example, outcome failure, text report, 21 Nov 2026 – 22 Nov 2026",
        ),
    ],
)
def test_a_title_says_in_words_what_was_filtered(text, title):
    slice_ = LogSlice(frozen(text), NOW - timedelta(hours=24), NOW)

    assert title_of(slice_, OSLO) == title


def test_a_title_stays_short_enough_for_a_heading():
    slice_ = LogSlice(frozen(" ".join(f"actor:person-{n}" for n in range(30))), NOW, LATER)

    assert len(title_of(slice_, OSLO)) <= 160


def test_a_window_that_ends_at_midnight_is_told_by_its_last_day():
    start = datetime(2026, 11, 21, 23, tzinfo=UTC)
    slice_ = LogSlice(frozen(""), start, start + timedelta(days=1))

    assert title_of(slice_, OSLO) == "All events, 22 Nov 2026"
