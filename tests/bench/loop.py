"""Closed loops: so many callers, each with its next call as soon as the last one is answered."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

# The first calls of a caller fill caches and open connections; they are not measured.
WARM_UP = 3
LEAST = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """How long calls took, in milliseconds, and how many there were a second."""

    calls: int
    p50: float
    p95: float
    p99: float
    per_second: float

    def as_json(self) -> dict[str, float]:
        return {
            "calls": self.calls,
            "p50_ms": round(self.p50, 2),
            "p95_ms": round(self.p95, 2),
            "p99_ms": round(self.p99, 2),
            "per_second": round(self.per_second, 1),
        }


def measure(callers: Sequence[Callable[[], object]], seconds: float) -> Measured:
    """Let the callers call for so long, at the same time; each calls five times at least."""
    barrier = threading.Barrier(len(callers))

    def loop(call: Callable[[], object]) -> list[float]:
        times: list[float] = []
        try:
            for _ in range(WARM_UP):
                call()
            barrier.wait()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end or len(times) < LEAST:
                started = time.perf_counter()
                call()
                times.append(time.perf_counter() - started)
        except BaseException:
            # Nobody waits for a caller that is gone.
            barrier.abort()
            raise
        return times

    with ThreadPoolExecutor(len(callers)) as pool:
        loops = [pool.submit(loop, call) for call in callers]
    errors = [error for one in loops if (error := one.exception()) is not None]
    # Those who only waited in vain come last.
    for error in sorted(errors, key=lambda one: isinstance(one, threading.BrokenBarrierError)):
        raise error
    return summarise([one.result() for one in loops])


def summarise(times: Sequence[Sequence[float]]) -> Measured:
    """Return the figures of calls that took so many seconds, by caller."""
    every = sorted(second for one in times for second in one)
    busiest = max(map(sum, times))
    return Measured(
        len(every),
        statistics.median(every) * 1000,
        percentile(every, 0.95) * 1000,
        percentile(every, 0.99) * 1000,
        len(every) / busiest,
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that so large a share of ordered values does not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
