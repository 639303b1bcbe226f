"""Prompts as the components show them: versions, what is in force, and what changed between two."""

import difflib
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.evals.collection import score, version_words
from app.evals.models import EvalRun
from app.evals.presenting import run_badge, table
from app.evals.promotion import words_of
from app.gateway.prompt_files import Prompt
from app.gateway.release_models import PromptRelease, ReleaseKind
from app.kernel.times import exact, iso
from app.kernel.untrusted_text import single_line

_TONES = {"draft": "neutral", "candidate": "info", "release": "success"}
_SHOWN = 300
_BLOCK = 8000


def prompt_table(
    rows: Sequence[tuple[Prompt, str, PromptRelease | None]], zone: ZoneInfo
) -> dict[str, Any]:
    """Return the prompts: newest version, which one is in force, and since when."""
    return table(
        "Prompts",
        [
            {"key": "name", "label": "Prompt", "type": "link"},
            {"key": "purpose", "label": "Purpose", "priority": "2"},
            {"key": "in_force", "label": "In force"},
            {"key": "since", "label": "Since", "priority": "2"},
        ],
        [
            {
                "name": {"text": one.name, "href": url_for("prompts.show", prompt=one.name)},
                "purpose": one.purpose,
                "in_force": in_force,
                "since": since_words(release, zone),
            }
            for one, in_force, release in rows
        ],
    )


def since_words(release: PromptRelease | None, zone: ZoneInfo) -> str:
    """Return since when what is in force is so, and who decided."""
    if release is None or release.decided_at is None:
        return "with Ballast"
    return f"{exact(release.decided_at, zone)}, by {release.decided_by_name}"


def version_table(versions: Sequence[Prompt], in_force: str) -> dict[str, Any]:
    """Return the versions of a prompt, newest first, each to be compared with the one before."""
    return table(
        "Versions",
        [
            {"key": "version", "label": "Version", "type": "link"},
            {"key": "status", "label": "Status", "type": "badge"},
            {"key": "change", "label": "What changed"},
            {"key": "hash", "label": "SHA-256", "type": "code", "priority": "3"},
        ],
        [
            {
                "version": {
                    "text": f"v{one.version}",
                    "href": url_for("prompts.version", prompt=one.name, number=one.version),
                },
                "status": _badges(one, in_force),
                "change": one.changelog[0] if one.changelog else None,
                "hash": one.sha256[:12],
            }
            for one in versions
        ],
    )


def score_history(runs: Sequence[EvalRun], zone: ZoneInfo) -> dict[str, Any]:
    """Return the scores of a prompt over time, newest first."""
    return table(
        "Scores over time",
        [
            {"key": "run", "label": "Run", "type": "link"},
            {"key": "status", "label": "Status", "type": "badge"},
            {"key": "model", "label": "Model", "priority": "2"},
            {"key": "grounded", "label": "Grounded", "type": "num"},
            {"key": "coverage", "label": "Coverage", "type": "num"},
            {"key": "refusals", "label": "Refusals", "type": "num", "priority": "2"},
            {"key": "ended", "label": "Ended", "priority": "3"},
        ],
        [
            {
                "run": {
                    "text": version_words(run),
                    "href": url_for("evaluations.show", evaluation_id=run.id),
                },
                "status": run_badge(run),
                "model": run.model,
                "grounded": score(run, "groundedness_strict"),
                "coverage": score(run, "coverage"),
                "refusals": score(run, "refusal_correctness"),
                "ended": exact(run.finished_at, zone) if run.finished_at else None,
            }
            for run in runs
        ],
        empty="No run has ended yet",
    )


def decision_table(releases: Sequence[PromptRelease], zone: ZoneInfo) -> dict[str, Any]:
    """Return what was brought into force, newest first."""
    return table(
        "Decisions",
        [
            {"key": "version", "label": "Version"},
            {"key": "kind", "label": "How", "type": "badge"},
            {"key": "by", "label": "Decided by"},
            {"key": "at", "label": "When", "priority": "2"},
            {"key": "reason", "label": "Reason", "priority": "2"},
        ],
        [
            {
                "version": words_of(one),
                "kind": {
                    "text": one.kind,
                    "tone": "warning" if one.kind == ReleaseKind.ROLLBACK.value else "success",
                },
                "by": one.decided_by_name,
                "at": exact(one.decided_at, zone) if one.decided_at else None,
                "reason": single_line(one.decision_reason or one.reason, _SHOWN),
            }
            for one in releases
        ],
        empty="The shipped version was always in force",
    )


def proposal_facts(release: PromptRelease, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what was proposed, by whom, and on which evidence."""
    facts: list[dict[str, Any]] = [
        {"label": "Version", "value": words_of(release)},
        {"label": "Reason", "value": release.reason, "folds": True},
        {"label": "Proposed by", "value": release.proposed_by_name},
        {
            "label": "Proposed",
            "time": {
                "text": exact(release.proposed_at, zone),
                "datetime": iso(release.proposed_at),
            },
        },
    ]
    if release.run_id is not None:
        href = url_for("evaluations.show", evaluation_id=release.run_id)
        facts.append({"label": "Evidence", "link": {"text": "The run that passed", "href": href}})
    return facts


def difference(before: Prompt | None, after: Prompt) -> str:
    """Return what changed in the text from one version to another, line by line."""
    if before is None:
        return "There is no version before this one."
    lines = difflib.unified_diff(
        before.text.splitlines(),
        after.text.splitlines(),
        before.reference,
        after.reference,
        lineterm="",
        n=2,
    )
    return "\n".join(lines)[:_BLOCK] or "The text is the same."


def text_blocks(text: str) -> list[dict[str, str]]:
    """Return a long text as blocks of code, each as long as one may be."""
    return [
        {"type": "code", "label": "Text", "text": text[begin : begin + _BLOCK]}
        for begin in range(0, max(len(text), 1), _BLOCK)
    ]


def _badges(prompt: Prompt, in_force: str) -> list[dict[str, str]]:
    found = [{"text": prompt.status, "tone": _TONES[prompt.status]}]
    if prompt.reference == in_force:
        found.append({"text": "in force", "tone": "success"})
    return found
