"""Limits by key, in fixed windows of time."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kernel import clock
from app.kernel.ids import uuid7
from app.kernel.problems import TooManyRequests
from app.kernel.rate_limit import forget, spend
from app.kernel.routing import database

START = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def key():
    return f"a key of {uuid7()}"


@pytest.fixture
def session(app):
    with app.app_context(), database().session() as session:
        yield session


@pytest.fixture
def at(monkeypatch):
    """Move the clock."""

    def move(**after_start):
        monkeypatch.setattr(clock, "now", lambda: START + dt.timedelta(**after_start))

    move()
    return move


def use(key, times=1):
    for _ in range(times):
        spend(key, allowed=3, window_s=60)


def test_allowance_is_what_it_says(session, at, key):
    use(key, 3)
    with pytest.raises(TooManyRequests):
        use(key)


def test_refusal_says_when_to_come_back(session, at, key):
    at(seconds=18.5)
    use(key, 3)
    with pytest.raises(TooManyRequests, match="Come back in 42 seconds") as refusal:
        use(key)
    assert refusal.value.headers == {"Retry-After": "42"}


def test_next_window_begins_afresh(session, at, key):
    use(key, 3)
    at(seconds=59.999)
    with pytest.raises(TooManyRequests):
        use(key)
    at(seconds=60)
    use(key, 3)


def test_refused_tries_count_but_do_not_reach_into_the_next_window(session, at, key):
    for _ in range(10):
        with pytest.raises(TooManyRequests):
            use(key, 4)
    at(seconds=60)
    use(key, 3)


def test_keys_do_not_use_up_each_others_allowance(session, at, key):
    use(key, 3)
    use(f"{key} and another", 3)


def test_forgotten_tries_are_given_back(session, at, key):
    use(key, 3)
    forget(key)
    use(key, 3)


def test_cost_counts_as_often(session, at, key):
    spend(key, allowed=3, window_s=60, cost=3)
    with pytest.raises(TooManyRequests):
        use(key)


def test_no_try_is_lost_between_those_that_count_at_once(app, at, key):
    def one_try(_number):
        with app.app_context(), database().session():
            try:
                spend(key, allowed=5, window_s=60)
            except TooManyRequests:
                return "refused"
            return "allowed"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one_try, range(12)))
    assert answers.count("allowed") == 5
