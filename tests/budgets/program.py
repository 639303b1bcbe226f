"""Measuring pages one after the other, and telling what came of it."""

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from components.budgets import Budgets
from tests.budgets.interactions import UnmeasuredError
from tests.budgets.measuring import (
    BYTES_PER_S_DOWN,
    CPU_SLOWDOWN,
    LATENCY_MS,
    Measured,
    measure_load,
)
from tests.budgets.places import Place
from tests.budgets.verdict import Verdict, judge
from tests.journeys.browsers import Browsers

Say = Callable[[str], None]

_COLUMNS = f"{'LCP':>6} {'INP':>5} {'CLS':>7} {'HTML':>7} {'nodes':>6} {'req.':>5}"


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def measure_all(
    browsers: Browsers, places: Iterable[Place], budgets: Budgets, rounds: int, say: Say = say
) -> list[Verdict]:
    """Judge every place by the median of its rounds; one that is over gets a second try."""
    say(f"{_COLUMNS}  page (LCP and INP in ms, HTML in bytes after gzip)")
    verdicts = []
    for place in places:
        verdict = _measure(browsers, place, budgets, rounds)
        if verdict.breaches:
            say(f"{_row(verdict)}  once more: {'; '.join(verdict.breaches)}")
            again = _measure(browsers, place, budgets, rounds)
            verdict = dataclasses.replace(again, is_second_try=True)
        say(_row(verdict))
        verdicts.append(verdict)
    return verdicts


def tell(verdicts: Sequence[Verdict], say: Say = say) -> bool:
    """Say which pages are over their budget; return whether none is."""
    over = [verdict for verdict in verdicts if verdict.breaches]
    for verdict in over:
        for breach in verdict.breaches:
            say(f"{verdict.route}: {breach}.")
    say(f"{len(verdicts)} pages measured, {len(over)} over their budget.")
    return not over


def write_report(verdicts: Sequence[Verdict], path: Path, load_before: Sequence[float]) -> None:
    """Write everything that was measured, and under what conditions, as JSON."""
    report = {
        "cpu_slowdown": CPU_SLOWDOWN,
        "latency_ms": LATENCY_MS,
        "bytes_per_s_down": BYTES_PER_S_DOWN,
        "load_average": {"before": list(load_before), "after": list(os.getloadavg())},
        "pages": [dataclasses.asdict(verdict) for verdict in verdicts],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


def _measure(browsers: Browsers, place: Place, budgets: Budgets, rounds: int) -> Verdict:
    who = place.who or "nobody"
    try:
        loads = [_load(browsers, place) for _ in range(rounds)]
    except UnmeasuredError as error:
        return Verdict(place.route, who, (), None, (f"it could not be measured: {error}",))
    return judge(place.route, who, loads, budgets)


def _load(browsers: Browsers, place: Place) -> Measured:
    try:
        return measure_load(browsers.open(place.who), place.address)
    finally:
        browsers.close()


def _row(verdict: Verdict) -> str:
    m = verdict.middle
    if m is None:
        return f"{'not measured':{len(_COLUMNS)}}  {verdict.route}  OVER"
    return (
        f"{m.lcp_ms:>6g} {m.inp_ms:>5g} {m.cls:>7.4f} {m.html_gz:>7,} {m.dom_nodes:>6,}"
        f" {m.requests:>5}  {verdict.route}{'  OVER' if verdict.breaches else ''}"
    )
