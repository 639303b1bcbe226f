"""The audit log as a list page: its columns, its query language, its order."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request, url_for
from sqlalchemy import ColumnElement, Select, func, select

from app.audit.models import AuditEvent
from app.kernel.collections.declaration import (
    Collection,
    Column,
    EmptyWords,
    Filter,
    Preset,
    declare,
)
from app.kernel.collections.filters import begins_with, equals_any, within_network, within_time
from app.kernel.query_language.terms import Field, Kind, Term
from app.kernel.times import time_cell

OUTCOME_TONES = {"success": "success", "failure": "danger", "denied": "warning"}


def event_href(event_id: object) -> str:
    """Return the address of the log with this event's drawer open, all else as it is."""
    return log_address(("detail", str(event_id)))


def log_address(*more: tuple[str, str]) -> str:
    """Return the address of the log as it is asked for now, without a drawer, and with `more`.

    The state is repeated as it came: without script the filter bar sends several `q`.
    """
    state = [pair for pair in request.args.items(multi=True) if pair[0] != "detail" and pair[1]]
    state += more
    return f"{url_for('audit.index')}?{urlencode(state)}" if state else url_for("audit.index")


def _statement() -> Select[AuditEvent]:
    return select(AuditEvent)


def _search(term: Term) -> ColumnElement[bool]:
    words = "".join(c if c.isalnum() else " " for c in term.values[0])
    return AuditEvent.search.op("@@", is_comparison=True)(func.phraseto_tsquery("simple", words))


def _time(event: AuditEvent, zone: ZoneInfo) -> dict[str, Any]:
    return time_cell(event.occurred_at, zone)


def _target(event: AuditEvent, _zone: ZoneInfo) -> str | None:
    others = len(event.targets) - 1
    name = event.target_name or event.target_id
    return f"{name} +{others}" if others > 0 else name


def _outcome(event: AuditEvent, _zone: ZoneInfo) -> dict[str, str]:
    return {"text": event.outcome, "tone": OUTCOME_TONES[event.outcome]}


AUDIT_LOG = declare(
    Collection(
        name="audit-log",
        title="Audit log",
        caption="Events, newest first",
        noun=("event", "events"),
        columns=(
            Column("time", "Time", _time, type="time"),
            Column("actor", "Actor", lambda event, _: event.actor_name),
            Column("action", "Action", lambda event, _: event.action, type="code"),
            Column("target", "Target", _target, priority=2),
            Column("outcome", "Outcome", _outcome, type="badge"),
        ),
        statement=_statement,
        order=(AuditEvent.occurred_at, AuditEvent.id),
        sorted_by="time",
        row_id=lambda event: str(event.id),
        row_href=lambda event: event_href(event.id),
        placeholder="Filter by actor, action, outcome… or search text",
        filters=(
            Filter(
                Field("actor", "Actor", Kind.TEXT, hint="id or name of who did it"),
                equals_any(AuditEvent.actor_id, AuditEvent.actor_name),
            ),
            Filter(
                Field("action", "Action", Kind.PREFIX, hint="begins with, as in member"),
                begins_with(AuditEvent.action),
            ),
            Filter(
                Field("target", "Target", Kind.TEXT, hint="id or name of what it was done to"),
                equals_any(AuditEvent.target_id, AuditEvent.target_name),
            ),
            Filter(
                Field(
                    "outcome",
                    "Outcome",
                    Kind.CHOICE,
                    values=("success", "failure", "denied"),
                    hint="success, failure or denied",
                ),
                equals_any(AuditEvent.outcome),
            ),
            Filter(
                Field("ip", "Address", Kind.IP, hint="an address or a network, 10.0.0.0/8"),
                within_network(AuditEvent.source_ip),
            ),
            Filter(
                Field("created", "Time", Kind.TIME, hint="today, 24h, 2026-11-01..2026-11-08"),
                within_time(AuditEvent.occurred_at),
            ),
        ),
        search=_search,
        presets=(
            Preset("Last hour", "created:1h"),
            Preset("Last 24 hours", "created:24h"),
            Preset("Last 7 days", "created:7d"),
            Preset("Last 30 days", "created:30d"),
            Preset("Any time", ""),
        ),
        empty=EmptyWords(
            "No events yet",
            "What people do here appears by itself. Other systems send events with an API key.",
        ),
    )
)
