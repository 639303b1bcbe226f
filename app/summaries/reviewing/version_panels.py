"""The versions of a summary on its page: what changed from the one before."""

from app.kernel.actor import Actor
from app.kernel.record_pages import Panel
from app.summaries.models import Summary
from app.summaries.queries import find_previous, list_claims, sees_drafts
from app.summaries.reviewing.versions import ClaimFate, compare_claims
from app.summaries.states import RejectReason, Status

_COLUMNS = [
    {"key": "fate", "label": "Claim", "type": "badge"},
    {"key": "before", "label": "Before"},
    {"key": "now", "label": "Now"},
]
_TONES = {
    ClaimFate.SAME: "neutral",
    ClaimFate.CHANGED: "warning",
    ClaimFate.NEW: "info",
    ClaimFate.GONE: "danger",
}


def changes_panels(actor: Actor, summary: Summary) -> list[Panel]:
    """Return what changed from the version before, for those who see drafts; else nothing."""
    if summary.previous_id is None or not sees_drafts(actor, summary):
        return []
    before = find_previous(actor, summary)
    claims = list_claims(summary.id)
    if before is None or not claims:
        return []
    changes = compare_claims(list_claims(before.id), claims)
    rows = [
        {
            "id": f"change-{number}",
            "cells": {
                "fate": {"text": change.fate.value, "tone": _TONES[change.fate]},
                "before": change.before,
                "now": change.now,
            },
        }
        for number, change in enumerate(changes, start=1)
    ]
    table = {"columns": _COLUMNS, "rows": rows}
    title = f"Changes since version {before.version}"
    return [Panel(title, table=table, meta=_ending(before))]


def _ending(before: Summary) -> str:
    if Status(before.status) is Status.WITHDRAWN:
        return f"It was withdrawn: {before.withdrawal_reason}"[:300]
    reason = RejectReason(before.decision_reason_code or RejectReason.OTHER).label
    return f"It was rejected: {reason}."
