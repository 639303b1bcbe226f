"""The list of runs."""

from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import Select, select

from app.evals.models import EvalRun
from app.evals.states import RunStatus
from app.kernel.collections.declaration import (
    Cell,
    Collection,
    Column,
    EmptyWords,
    Filter,
    declare,
)
from app.kernel.collections.filters import equals_any, within_time
from app.kernel.query_language.terms import Field, Kind
from app.kernel.times import time_cell


def _statement() -> Select[EvalRun]:
    return select(EvalRun)


def _status(run: EvalRun, _zone: ZoneInfo) -> Cell:
    status = RunStatus(run.status)
    return {"text": status.words, "tone": status.tone}


def score(run: EvalRun, name: str) -> str | None:
    """Return a metric of a run as people read it; None before there is one."""
    found = None if run.metrics is None else run.metrics[name]["value"]
    return None if found is None else f"{found:.3f}"


def version_words(run: EvalRun) -> str:
    """Return which version of which prompt a run is about."""
    return f"{run.prompt_name}@v{run.prompt_version}"


EVAL_RUNS = declare(
    Collection(
        name="evaluations",
        title="Evaluations",
        caption="Runs of the evaluation, newest first",
        noun=("run", "runs"),
        columns=(
            Column("asked", "Started", lambda run, zone: time_cell(run.asked_at, zone), "time"),
            Column("status", "Status", _status, "badge"),
            Column("prompt", "Prompt", lambda run, _: version_words(run)),
            Column("model", "Model", lambda run, _: run.model, priority=2),
            Column(
                "grounded",
                "Grounded",
                lambda run, _: score(run, "groundedness_strict"),
                "num",
                priority=2,
            ),
            Column("coverage", "Coverage", lambda run, _: score(run, "coverage"), "num"),
            Column(
                "refusals",
                "Refusals",
                lambda run, _: score(run, "refusal_correctness"),
                "num",
                priority=2,
            ),
        ),
        statement=_statement,
        order=(EvalRun.asked_at, EvalRun.id),
        sorted_by="asked",
        row_id=lambda run: str(run.id),
        row_href=lambda run: url_for("evaluations.show", evaluation_id=run.id),
        placeholder="Filter by status, prompt or model",
        filters=(
            Filter(
                Field(
                    "status",
                    "Status",
                    Kind.CHOICE,
                    values=tuple(status.value for status in RunStatus),
                    hint="passed, failed, running…",
                ),
                equals_any(EvalRun.status),
            ),
            Filter(
                Field("prompt", "Prompt", Kind.TEXT, hint="as in audit-summary"),
                equals_any(EvalRun.prompt_name),
            ),
            Filter(
                Field("model", "Model", Kind.TEXT, hint="name of the model"),
                equals_any(EvalRun.model),
            ),
            Filter(
                Field("created", "Time", Kind.TIME, hint="when it was started: today, 7d"),
                within_time(EvalRun.asked_at),
            ),
        ),
        empty=EmptyWords(
            "No runs yet",
            "A run measures a version of a prompt with a model, over all cases.",
        ),
    )
)
