"""Summaries as a list page."""

from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import ColumnElement, Select, false, select

from app.kernel.collections.declaration import (
    Collection,
    Column,
    EmptyWords,
    Filter,
    Moment,
    Preset,
    declare,
)
from app.kernel.collections.filters import equals_any, within_time
from app.kernel.query_language.terms import Field, Kind, Term
from app.kernel.standing import find_standing
from app.kernel.times import time_cell
from app.summaries.models import Summary
from app.summaries.queries import visible_to
from app.summaries.states import TONES, Status


def _statement() -> Select[Summary]:
    here = find_standing()
    return select(Summary).where(visible_to(here.actor) if here else false())


def search(term: Term) -> ColumnElement[bool]:
    """Return the SQL of a free word: it stands in the title."""
    return Summary.title.icontains(term.values[0], autoescape=True)


def _title_contains(term: Term, _moment: Moment) -> ColumnElement[bool]:
    return search(term)


def _status(summary: Summary, _zone: ZoneInfo) -> dict[str, str]:
    status = Status(summary.status)
    return {"text": status.words, "tone": TONES[status]}


# What lists of summaries have in common.
TITLE: Column[Summary] = Column("title", "Summary", lambda summary, _: summary.title)
EVENTS: Column[Summary] = Column(
    "events", "Events", lambda summary, _: summary.events_total, "num", 3
)
ASKED_BY: Column[Summary] = Column(
    "requested_by", "Asked by", lambda summary, _: summary.requested_by_name, "text", 2
)
ASKED: Column[Summary] = Column(
    "requested_at", "Asked", lambda summary, zone: time_cell(summary.requested_at, zone), "time", 2
)
TITLE_FILTER = Filter(Field("title", "Title", Kind.TEXT, hint="part of the title"), _title_contains)
ASKED_FILTER = Filter(
    Field("created", "Time", Kind.TIME, hint="when it was asked for: today, 7d"),
    within_time(Summary.requested_at),
)

SUMMARIES = declare(
    Collection(
        name="summaries",
        title="Summaries",
        caption="Summaries, newest first",
        noun=("summary", "summaries"),
        columns=(
            TITLE,
            Column("status", "Status", _status, type="badge"),
            EVENTS,
            ASKED_BY,
            Column(
                "decided_by", "Decided by", lambda summary, _: summary.decided_by_name, "text", 3
            ),
            ASKED,
        ),
        statement=_statement,
        order=(Summary.requested_at, Summary.id),
        sorted_by="requested_at",
        row_id=lambda summary: str(summary.id),
        row_href=lambda summary: url_for("summaries.show", summary_id=summary.id),
        placeholder="Filter by status or title",
        search=search,
        filters=(
            Filter(
                Field(
                    "status",
                    "Status",
                    Kind.CHOICE,
                    values=tuple(status.value for status in Status),
                    hint="in_review, approved, failed…",
                ),
                equals_any(Summary.status),
            ),
            TITLE_FILTER,
            ASKED_FILTER,
        ),
        presets=(
            Preset("Last 24 hours", "created:24h"),
            Preset("Last 7 days", "created:7d"),
            Preset("Last 30 days", "created:30d"),
            Preset("Any time", ""),
        ),
        empty=EmptyWords(
            "No summaries yet",
            "Filter the audit log to the events that matter, then choose Summarise.",
        ),
    )
)
