"""What a bench says of its own measurements."""

import pytest

from tests.bench.loop import measure, percentile, summarise
from tests.bench.report import reading_table


def a_case(p50, p95, *, floor=0.5, target=12):
    page = {"p50_ms": p50, "p95_ms": p95, "p99_ms": p95, "per_second": 100.0}
    return {
        "case": "page 1",
        "target_ms": target,
        **{f"page, {n}": page for n in (1, 8)},
        **{f"floor, {n}": {**page, "p50_ms": floor} for n in (1, 8)},
    }


def test_percentiles_are_of_all_callers_and_calls_a_second_of_the_busiest():
    measured = summarise([[0.1] * 10, [0.2] * 10])
    assert measured.calls == 20
    assert (measured.p95, measured.per_second) == pytest.approx((200, 10))
    assert percentile(list(range(100)), 0.99) == 99


def test_every_caller_is_called_and_an_error_ends_the_measurement():
    calls = [0, 0]

    def count(number):
        calls[number] += 1

    measured = measure([lambda: count(0), lambda: count(1)], 0)
    assert measured.calls == 10
    assert min(calls) >= 5

    def fail():
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        measure([fail], 0)


@pytest.mark.parametrize(("p50", "verdict"), [(12, "kept"), (12.1, "MISSED")])
def test_table_says_whether_a_promise_is_kept_and_how_it_grew(p50, verdict):
    small, large = {"reading": [a_case(6, 10)]}, {"reading": [a_case(p50, 15)]}
    (line,) = reading_table(large, small).splitlines()[1:]
    assert f"12 {verdict}" in line
    assert line.endswith("1.50")
    assert f"{p50 / 0.5:.1f}" in line
