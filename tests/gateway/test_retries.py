"""When to try again, and how long to wait."""

import datetime as dt

import pytest

from app.gateway.chat import AttemptFailedError
from app.gateway.errors import FailureCode
from app.gateway.retries import parse_retry_after, pause_before_next

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def failure(**facts):
    return AttemptFailedError(FailureCode.UNAVAILABLE, "HTTP 503", **({"may_pass": True} | facts))


@pytest.mark.parametrize(("tries", "low", "high"), [(1, 0.25, 0.5), (2, 0.5, 1.0)])
def test_pause_doubles_and_spreads(tries, low, high):
    assert pause_before_next(failure(), tries, 60, jitter=0) == low
    assert pause_before_next(failure(), tries, 60, jitter=1) == high


def test_third_failure_is_the_last():
    assert pause_before_next(failure(), 3, 60, jitter=0) is None


def test_failure_that_stays_is_not_tried_again():
    assert pause_before_next(failure(may_pass=False), 1, 60, jitter=0) is None


def test_pause_that_would_outlast_the_deadline_is_not_begun():
    assert pause_before_next(failure(), 1, 0.1, jitter=0) is None
    assert pause_before_next(failure(retry_after_s=30.0), 1, 29, jitter=0) is None


def test_wait_that_the_endpoint_asks_for_is_taken_as_it_is():
    assert pause_before_next(failure(retry_after_s=0.0), 1, 29, jitter=1) == 0.0
    assert pause_before_next(failure(retry_after_s=12.0), 1, 29, jitter=1) == 12.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("Sun, 22 Nov 2026 12:00:20 GMT", 20.0),
        ("Sun, 22 Nov 2026 12:00:20 -0000", 20.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_nonsense_is_none(header, seconds):
    assert parse_retry_after(header, NOON) == seconds
