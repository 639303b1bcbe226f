"""The history of an object, as a part of its page."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.audit.collection import AUDIT_LOG, OUTCOME_TONES
from app.audit.history.queries import HistoryLine, list_latest
from app.audit.service import record_search
from app.kernel.actor import Actor
from app.kernel.query_language.canonical import write
from app.kernel.query_language.terms import Operator, Term
from app.kernel.record_pages import Panel
from app.kernel.standing import tenant_here
from app.kernel.times import time_cell
from app.kernel.untrusted_text import single_line
from app.vocabulary.permissions import Permission

# The rest is one press away.
SHOWN = 6
_WORDS_SHOWN = 120
_VALUE_SHOWN = 40
_COLUMNS = (
    {"key": "time", "label": "Time", "type": "time"},
    {"key": "action", "label": "What happened", "type": "code"},
    {"key": "actor", "label": "By"},
    {"key": "change", "label": "Changed", "priority": "2"},
    {"key": "outcome", "label": "Outcome", "type": "badge", "priority": "2"},
)


def history_panel(actor: Actor, target_id: str) -> Panel | None:
    """Return what changed in one object, latest first; None for who may not read the log.

    Looking is a search of the log, and is written into it as one.
    """
    if not actor.may(Permission.AUDIT_EVENT_READ):
        return None
    query = write((Term("target", Operator.EQUALS, (target_id,)),), AUDIT_LOG.fields)
    record_search(actor, query=query)
    lines, zone = list_latest(target_id, limit=SHOWN + 1), tenant_here().zone
    everything = {
        "label": "All in the audit log",
        "href": url_for("audit.index", q=query),
        "icon": "history",
        "variant": "quiet",
    }
    return Panel(
        "What changed here",
        table={
            "columns": list(_COLUMNS),
            "rows": [_row(line, zone) for line in lines[:SHOWN]],
            "empty": "The audit log has no event about this",
            "empty_hint": "It may be older than the log, or its events are past their time.",
        },
        meta=f"The latest {SHOWN} events." if len(lines) > SHOWN else None,
        actions=[everything] if lines else [],
    )


def history_panels(actor: Actor, target_id: str) -> list[Panel]:
    """Return the history of an object as a list of one panel, or of none."""
    panel = history_panel(actor, target_id)
    return [] if panel is None else [panel]


def _row(line: HistoryLine, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "href": url_for("audit.show", event_id=line.id),
        "cells": {
            "time": time_cell(line.occurred_at, zone),
            "action": line.action,
            "actor": _actor(line),
            "change": _change(line),
            "outcome": {"text": line.outcome, "tone": OUTCOME_TONES[line.outcome]},
        },
    }


def _actor(line: HistoryLine) -> str | dict[str, str]:
    """Return who did it. A program may write of anybody, also of what Ballast itself does."""
    if line.received_from is None:
        return line.actor_name
    return {"text": line.actor_name, "sub": "so a program wrote"}


def _change(line: HistoryLine) -> str | None:
    """Say in a line what changed: `role: Analyst → Admin`; else why it was done."""
    changes = [
        f"{key.replace('_', ' ')}: {_value(change.get('before'))} → {_value(change.get('after'))}"
        for key, change in line.changes.items()
    ]
    words = "; ".join(changes) or line.reason
    return single_line(words, _WORDS_SHOWN) if words else None


def _value(value: str | None) -> str:
    return "nothing" if value in (None, "") else single_line(str(value), _VALUE_SHOWN)
