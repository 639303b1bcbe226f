"""What so many of so many says about the rest: Wilson's bounds, McNemar's test, a percentile."""

import math
from collections.abc import Sequence

# The quantile of the normal distribution that leaves 2.5 % on either side.
_Z = 1.959963984540054


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share (Wilson 1927, without correction); (0, 1) of nothing."""
    if trials == 0:
        return (0.0, 1.0)
    share, square = successes / trials, _Z * _Z
    centre = share + square / (2 * trials)
    spread = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    return (max((centre - spread) / scale, 0.0), min((centre + spread) / scale, 1.0))


def mcnemar(only_before: int, only_after: int) -> float:
    """Return the exact two-sided p of McNemar's test.

    The arguments count the pairs that disagree: passed before alone, and passed after alone. Of
    each such pair either is as likely, if nothing has changed.
    """
    disagreeing = only_before + only_after
    if disagreeing == 0:
        return 1.0
    fewer = min(only_before, only_after)
    tail = sum(math.comb(disagreeing, each) for each in range(fewer + 1))
    return min(float(2 * tail / 2**disagreeing), 1.0)


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """Return the percentile by nearest rank, None of nothing."""
    if not values:
        return None
    rank = max(math.ceil(percent * len(values) / 100), 1)
    return sorted(values)[rank - 1]
