"""Deletions as the components show them."""

import json
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for
from flask_wtf.csrf import generate_csrf

from app.audit.retention.classes import BY_NAME
from app.audit.retention.deletion.models import (
    AuditDeletion,
    RetentionRun,
    RunStatus,
    deleted_in_all,
)
from app.kernel.job_pages import Progress
from app.kernel.times import exact, iso

DELETED_TITLE = "Deleted event"
DELETED_WORDS = "There was an event here. It was deleted after its time."
_TONES = {
    RunStatus.RUNNING: "info",
    RunStatus.FINISHED: "success",
    RunStatus.CANCELLED: "neutral",
}


def run_title(run: RetentionRun) -> str:
    """Return what a round is called."""
    return f"Deletion of {run.started_at:%-d %B %Y}"


def run_badge(run: RetentionRun) -> dict[str, str]:
    """Return how far a round is, in one word."""
    status = RunStatus(run.status)
    return {"text": status.value, "tone": _TONES[status]}


def run_facts(run: RetentionRun, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what is known of a round."""
    facts: list[dict[str, Any]] = [
        _time("Begun", run, zone),
        {"label": "Begun by", "value": run.started_by_name},
        {"label": "Kept by a hold", "value": f"{run.held:,} events"},
    ]
    facts += [
        {
            "label": kind.label,
            "value": f"{run.deleted[name]:,} events deleted, older than {run.days[name]:,} days",
        }
        for name, kind in BY_NAME.items()
        if name in run.days
    ]
    return facts


def run_progress(run: RetentionRun) -> Progress | None:
    """Return how far a round is; None once it has ended."""
    if run.status != RunStatus.RUNNING:
        return None
    return Progress(
        f"{deleted_in_all(run):,} events deleted",
        sum(run.reached.values()),
        sum(run.until.values()),
        url_for("deletions.progress", run_id=run.id),
    )


def run_actions(run: RetentionRun) -> list[dict[str, Any]]:
    """Return what may be done with a round."""
    if run.status != RunStatus.RUNNING:
        return []
    return [
        {
            "label": "Call it off",
            "href": url_for("deletions.cancel", run_id=run.id),
            "csrf_token": generate_csrf(),
        }
    ]


def begin_form() -> dict[str, Any]:
    """Return the way to a deletion now instead of tonight."""
    return {"label": "Delete now", "href": url_for("deletions.begin")}


def deletion_json(event_id: UUID, deletion: AuditDeletion) -> str:
    """Return what is left of an event that was deleted, as JSON with line breaks."""
    left = {
        "id": str(event_id),
        "deleted": {
            "at": iso(deletion.deleted_at),
            "retention": deletion.retention,
            "days": deletion.days,
            "record": str(deletion.id),
            "events": deletion.events,
            "first_leaf": deletion.first_leaf,
            "last_leaf": deletion.last_leaf,
            "root_before": deletion.root.hex(),
        },
    }
    return json.dumps(left, indent=2)


def deletion_facts(deletion: AuditDeletion, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what the record of a deletion says."""
    record = {
        "text": f"Record of {deletion.events:,} events",
        "href": url_for("audit.show", event_id=deletion.id),
    }
    kind = BY_NAME[deletion.retention]
    return [
        {
            "label": "Deleted",
            "time": {
                "text": exact(deletion.deleted_at, zone),
                "datetime": iso(deletion.deleted_at),
            },
        },
        {"label": "Rule", "value": f"{kind.label}, kept for {deletion.days:,} days"},
        {
            "label": "Record",
            "link": record,
            "sub": "Sealed in the log. The hash of the event stays, so every proof stays valid.",
        },
        {
            "label": "Leaves",
            "value": f"Among {deletion.first_leaf:,} to {deletion.last_leaf:,}",
        },
        {"label": "Root before", "code": deletion.root.hex()},
    ]


def _time(label: str, run: RetentionRun, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "label": label,
        "time": {"text": exact(run.started_at, zone), "datetime": iso(run.started_at)},
    }
