"""The two files of a run: `metrics.json`, and `failure_cases.jsonl` with what failed and how."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.evals.gates import Verdict
from app.evals.metrics import Judged, by_category, measure
from app.evals.run_tuple import RunTuple


def report_of(
    what: RunTuple, all_judged: Sequence[Judged], verdict: Verdict, seconds: float
) -> dict[str, Any]:
    """Return what `metrics.json` holds: the tuple, the metrics, and those of each split."""
    halves = {
        split: [one for one in all_judged if one.case.query.split.value == split]
        for split in ("main", "held_out")
    }
    return {
        "tuple": {name: getattr(what, name) for name in what.__slots__},
        "tuple_hash": what.sha256,
        "passed": verdict.passed,
        "is_sound": verdict.is_sound,
        "reasons": list(verdict.reasons),
        "seconds": round(seconds, 1),
        "metrics": measure(all_judged),
        "by_split": {split: measure(half) for split, half in halves.items() if half},
        "by_category": by_category(all_judged),
    }


def failure_of(one: Judged) -> dict[str, Any]:
    """Return a case that failed: what was asked and expected, and what came of it."""
    facts = one.case.expected.facts
    missing = [fact for place, fact in enumerate(facts) if place not in one.outcome.covered]
    return {
        "id": one.case.id,
        "category": one.case.query.category,
        "asked": one.case.query.as_json(),
        "expected": one.case.expected.as_json(),
        "missing": [fact.as_json() for fact in missing],
        "outcome": one.outcome.as_json(),
    }


def write_report(folder: Path, report: dict[str, Any], all_judged: Sequence[Judged]) -> None:
    """Write both files into the folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=2, ensure_ascii=False)
    (folder / "metrics.json").write_text(text + "\n", encoding="utf-8")
    failing = [
        json.dumps(failure_of(one), ensure_ascii=False) for one in all_judged if not one.passes
    ]
    path = folder / "failure_cases.jsonl"
    path.write_text("".join(f"{line}\n" for line in failing), encoding="utf-8")
