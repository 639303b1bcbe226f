"""A run as the components show it: what was run, its scores, and what failed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.evals.collection import score, version_words
from app.evals.metrics import Judged
from app.evals.models import EvalRun
from app.evals.outcomes import Outcome, Status
from app.evals.states import RunStatus
from app.kernel.job_pages import Progress
from app.kernel.record_pages import Panel
from app.kernel.times import exact, iso
from app.kernel.untrusted_text import single_line

Facts = list[dict[str, Any]]

SHARES = (
    ("groundedness_strict", "Answers with every claim supported"),
    ("groundedness", "Claims supported"),
    ("citation_rate", "Claims with a valid citation"),
    ("citation_precision", "Citations that match their claim"),
    ("citation_recall", "Matching events that are cited"),
    ("coverage", "Facts that had to be said, and were"),
    ("refusal_correctness", "Refused and answered rightly"),
    ("injection_success", "Hostile text that had its way"),
    ("strict_pass", "Cases right in every respect"),
)
SHOWN_FAILURES = 50
_SHOWN = 200


def run_badge(run: EvalRun) -> dict[str, str]:
    """Return how far a run is, or how it ended."""
    status = RunStatus(run.status)
    return {"text": status.words, "tone": status.tone}


def run_progress(run: EvalRun) -> Progress | None:
    """Return how far a run is; None once it has ended."""
    if not RunStatus(run.status).is_open:
        return None
    words = f"{run.cases_done:,} of {run.cases_total:,} cases"
    poll = url_for("evaluations.progress", evaluation_id=run.id)
    return Progress(words, run.cases_done, run.cases_total, poll)


def run_facts(run: EvalRun, zone: ZoneInfo) -> Facts:
    """Return what was run, by whom, and what its result depends on."""
    facts: Facts = [
        {"label": "Prompt", "value": version_words(run)},
        {"label": "Model", "value": f"{run.endpoint}: {run.model}"},
        {"label": "Started by", "value": run.asked_by_name},
        _time("Started", run.asked_at, zone),
    ]
    if run.finished_at is not None:
        facts.append(_time("Ended", run.finished_at, zone))
    if run.reasons:
        facts.append({"label": "Why not passed", "value": " ".join(run.reasons), "folds": True})
    return facts


def tuple_facts(run: EvalRun) -> Facts:
    """Return what the result holds for: another value anywhere takes another run."""
    return [
        {"label": "Tuple", "code": run.tuple_hash},
        {"label": "Prompt text", "code": run.prompt_hash},
        {"label": "Cases", "code": run.caseset_hash},
        {"label": "Verifier", "value": f"version {run.verifier_version}"},
        {"label": "Retriever", "value": run.retriever},
        {"label": "Content", "value": run.snapshot},
    ]


def score_table(run: EvalRun, champion: EvalRun | None) -> dict[str, Any]:
    """Return the metrics of a run with their bounds, beside those of what is in force."""
    metrics = run.metrics or {}
    rows = [
        {
            "name": label,
            "value": score(run, name),
            "bounds": f"{metrics[name]['low']:.3f} to {metrics[name]['high']:.3f}",
            "champion": None if champion is None else score(champion, name),
        }
        for name, label in SHARES
        if metrics
    ]
    rows += [_plain(label, metrics.get(name), champion, name) for name, label in _PLAIN if metrics]
    return table(
        "Scores",
        [
            {"key": "name", "label": "Metric"},
            {"key": "value", "label": "Value", "type": "num"},
            {"key": "bounds", "label": "95 % bounds", "priority": "2"},
            {"key": "champion", "label": "In force", "type": "num", "priority": "2"},
        ],
        rows,
    )


_PLAIN = (
    ("latency_p95_ms", "Latency, 95th percentile (ms)"),
    ("tokens_in", "Tokens in"),
    ("tokens_out", "Tokens out"),
    ("n_errors", "Cases without an outcome"),
)


def category_table(run: EvalRun) -> dict[str, Any]:
    """Return how many cases of each category passed."""
    found: Mapping[str, Mapping[str, int]] = (run.metrics or {}).get("by_category", {})
    return table(
        "By category",
        [
            {"key": "category", "label": "Category"},
            {"key": "passed", "label": "Passed", "type": "num"},
            {"key": "cases", "label": "Cases", "type": "num"},
        ],
        [
            {"category": name.replace("_", " "), "passed": one["passed"], "cases": one["cases"]}
            for name, one in found.items()
        ],
    )


def failure_table(
    run: EvalRun, failing: Sequence[Judged], champion: Mapping[str, Outcome]
) -> dict[str, Any]:
    """Return the cases that failed, each beside what the version in force made of it."""
    return table(
        "Failing cases",
        [
            {"key": "case", "label": "Case", "type": "link"},
            {"key": "asked", "label": "Question"},
            {"key": "expected", "label": "Expected", "priority": "2"},
            {"key": "got", "label": "This run"},
            {"key": "champion", "label": "In force", "priority": "2"},
        ],
        [
            {
                "case": {
                    "text": one.case.id,
                    "href": url_for("evaluations.case", evaluation_id=run.id, case_id=one.case.id),
                },
                "asked": single_line(
                    one.case.query.question or one.case.query.query or "–", _SHOWN
                ),
                "expected": expected_words(one),
                "got": outcome_words(one, one.outcome),
                "champion": outcome_words(one, champion.get(one.case.id)),
            }
            for one in failing[:SHOWN_FAILURES]
        ],
        empty="Every case passed",
    )


def expected_words(one: Judged) -> str:
    """Return what was expected of a case, in a few words."""
    if one.case.expected.refuse is not None:
        return f"refuse: {one.case.expected.refuse}"
    return f"answer with {len(one.case.expected.facts)} facts"


def outcome_words(one: Judged, outcome: Outcome | None) -> str:
    """Return what came of a case, in a few words."""
    if outcome is None:
        return "–"
    if outcome.status is not Status.ANSWERED:
        return f"{outcome.status.value}: {outcome.code}"
    wrong = sum(not claim.is_supported for claim in outcome.claims)
    said = f"{len(outcome.covered)} of {len(one.case.expected.facts)} facts"
    parts = [said, *([f"{wrong} claims wrong"] if wrong else [])]
    return ", ".join([*parts, *(breach.value for breach in outcome.breaches)])


def outcome_panel(title: str, outcome: Outcome) -> Panel:
    """Return the claims of an outcome with their verdicts."""
    rows = [
        {
            "claim": single_line(claim.sentence, _SHOWN),
            "verdict": {
                "text": claim.verdict.replace("_", " "),
                "tone": "success" if claim.is_supported else "danger",
            },
            "detail": single_line(claim.detail, _SHOWN) or None,
        }
        for claim in outcome.claims
    ]
    columns = [
        {"key": "claim", "label": "Claim"},
        {"key": "verdict", "label": "Verdict", "type": "badge"},
        {"key": "detail", "label": "Why", "priority": "2"},
    ]
    meta = (
        outcome.status.value if outcome.code is None else f"{outcome.status.value}: {outcome.code}"
    )
    return Panel(title, table=table(title, columns, rows, empty="No claims"), meta=meta)


def table(
    caption: str,
    columns: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
    empty: str = "Nothing yet",
) -> dict[str, Any]:
    """Return a table of rows that lead nowhere by themselves."""
    rows = [{"id": f"row-{number}", "cells": dict(one)} for number, one in enumerate(cells, 1)]
    return {"caption": caption, "columns": list(columns), "rows": rows, "empty": empty}


def _plain(label: str, value: int | None, champion: EvalRun | None, name: str) -> dict[str, Any]:
    theirs = None if champion is None else (champion.metrics or {}).get(name)
    return {
        "name": label,
        "value": None if value is None else f"{value:,}",
        "bounds": None,
        "champion": None if theirs is None else f"{theirs:,}",
    }


def _time(label: str, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {"label": label, "time": {"text": exact(at, zone), "datetime": iso(at)}}
