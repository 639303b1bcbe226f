"""The list of deletions."""

from flask import url_for
from sqlalchemy import Select, select

from app.audit.retention.deletion.models import RetentionRun, deleted_in_all
from app.audit.retention.deletion.presenting import run_badge
from app.kernel.collections.declaration import Collection, Column, EmptyWords, declare
from app.kernel.times import time_cell


def _statement() -> Select[RetentionRun]:
    return select(RetentionRun)


RUNS = declare(
    Collection(
        name="deletions",
        title="Deletions",
        caption="Rounds of deletion, newest first",
        noun=("deletion", "deletions"),
        density="comfortable",
        columns=(
            Column(
                "begun", "Begun", lambda run, zone: time_cell(run.started_at, zone), type="time"
            ),
            Column("status", "Status", lambda run, _: run_badge(run), type="badge"),
            Column("deleted", "Deleted", lambda run, _: f"{deleted_in_all(run):,}", type="num"),
            Column("held", "Held", lambda run, _: f"{run.held:,}", type="num", priority=2),
            Column("by", "Begun by", lambda run, _: run.started_by_name, priority=3),
        ),
        statement=_statement,
        order=(RetentionRun.started_at, RetentionRun.id),
        sorted_by="begun",
        row_id=lambda run: str(run.id),
        row_href=lambda run: url_for("deletions.show", run_id=run.id),
        empty=EmptyWords(
            "Nothing was deleted yet",
            "Every night what is over its time is deleted; where nothing is, nothing is begun.",
        ),
    )
)
