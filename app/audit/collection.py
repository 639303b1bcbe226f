"""The audit log as a list page: its columns, its query language, its order."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from sqlalchemy import ColumnElement, Select, cast, false, select
from sqlalchemy.dialects.postgresql import TSQUERY

from app.audit.models import AuditEvent
from app.audit.rollups.reading import count_in, knows
from app.audit.search.finding import find_lines
from app.audit.search.lexemes import mark_of
from app.audit.search.lines import EventLine
from app.audit.search.narrowing import TIME, phrase
from app.kernel.collections.declaration import (
    Collection,
    Column,
    Count,
    EmptyWords,
    Filter,
    Found,
    Moment,
    Preset,
    Wanted,
    declare,
)
from app.kernel.collections.filters import begins_with, equals_any, within_network, within_time
from app.kernel.collections.matching import conditions
from app.kernel.collections.spans import spans_of
from app.kernel.query_language.query import Query
from app.kernel.query_language.terms import Field, Kind, Term
from app.kernel.tenant_wall import tenant_in_scope
from app.kernel.times import time_cell

# Conditions over the table itself cost a statement less than over the mapped class.
_EVENTS = AuditEvent.__table__.columns
OUTCOME_TONES = {"success": "success", "failure": "danger", "denied": "warning"}


def event_href(event_id: object) -> str:
    """Return the address of the log with this event's drawer open, all else as it is."""
    # The same for each row of a page but for its end.
    if "log_drawer" not in g:
        g.log_drawer = log_address(("detail", ""))
    return f"{g.log_drawer}{event_id}"


def log_address(*more: tuple[str, str]) -> str:
    """Return the address of the log as it is asked for now, without a drawer, and with `more`.

    The state is repeated as it came: without script the filter bar sends several `q`.
    """
    state = [pair for pair in request.args.items(multi=True) if pair[0] != "detail" and pair[1]]
    state += more
    return f"{url_for('audit.index')}?{urlencode(state)}" if state else url_for("audit.index")


def exact_conditions(query: Query, moment: Moment) -> list[ColumnElement[bool]]:
    """Return the SQL of all that a query of the log asks for, but its time."""
    return conditions(AUDIT_LOG, query, moment, without=TIME)


def _statement() -> Select[Any]:
    return select(AuditEvent)


def _search(term: Term) -> ColumnElement[bool]:
    words = phrase(term.values[0], mark_of(tenant_in_scope()))
    if words is None:
        return false()
    return _EVENTS.search.op("@@", is_comparison=True)(cast(words, TSQUERY))


def _find(wanted: Wanted) -> Found[EventLine]:
    return find_lines(wanted, exact_conditions(wanted.query, wanted.moment))


def _count(query: Query, moment: Moment) -> Count | None:
    if not knows(query):
        return None
    return Count(sum(count_in(query, span) for span in spans_of(query, TIME, moment)))


def _time(event: EventLine, zone: ZoneInfo) -> dict[str, Any]:
    return time_cell(event.occurred_at, zone)


def _target(event: EventLine, _zone: ZoneInfo) -> str | None:
    others = len(event.targets) - 1
    name = event.target_name or event.target_id
    return f"{name} +{others}" if others > 0 else name


def _outcome(event: EventLine, _zone: ZoneInfo) -> dict[str, str]:
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
                equals_any(_EVENTS.actor_id, _EVENTS.actor_name),
            ),
            Filter(
                Field("action", "Action", Kind.PREFIX, hint="begins with, as in member"),
                begins_with(_EVENTS.action),
            ),
            Filter(
                Field("target", "Target", Kind.TEXT, hint="id or name of what it was done to"),
                equals_any(_EVENTS.target_id, _EVENTS.target_name),
            ),
            Filter(
                Field(
                    "outcome",
                    "Outcome",
                    Kind.CHOICE,
                    values=("success", "failure", "denied"),
                    hint="success, failure or denied",
                ),
                equals_any(_EVENTS.outcome),
            ),
            Filter(
                Field("ip", "Address", Kind.IP, hint="an address or a network, 10.0.0.0/8"),
                within_network(_EVENTS.source_ip),
            ),
            Filter(
                Field("session", "Session", Kind.TEXT, hint="all that one session did"),
                equals_any(_EVENTS.session),
                is_offered=False,
            ),
            Filter(
                Field("target_type", "Target type", Kind.TEXT, hint="such as document"),
                equals_any(_EVENTS.target_type),
                is_offered=False,
            ),
            Filter(
                Field("created", "Time", Kind.TIME, hint="today, 24h, 2026-11-01..2026-11-08"),
                within_time(_EVENTS.occurred_at),
            ),
        ),
        search=_search,
        find=_find,
        count=_count,
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
