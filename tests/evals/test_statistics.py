"""Bounds, the exact test and the percentile, against numbers from elsewhere."""

import pytest

from app.evals.statistics import mcnemar, nearest_rank, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (285, 300, 0.919, 0.970),
        (190, 200, 0.910, 0.973),
        (300, 300, 0.987, 1.0),
        (0, 10, 0.0, 0.278),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_bounds_are_those_of_the_literature(successes, trials, low, high):
    assert wilson(successes, trials) == pytest.approx((low, high), abs=6e-4)


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (10, 2, 0.03857), (7, 7, 1.0)],
)
def test_the_exact_test_is_twice_the_binomial_tail(before, after, p):
    assert mcnemar(before, after) == pytest.approx(p, abs=1e-5)
    assert mcnemar(after, before) == mcnemar(before, after)


def test_the_percentile_is_one_of_the_values():
    assert nearest_rank([], 95) is None
    assert nearest_rank([7], 95) == 7
    assert nearest_rank(list(range(1, 101)), 95) == 95
    assert nearest_rank([3, 1, 2], 50) == 2
