"""The review queue as a list page: drafts that wait for a signature, oldest first."""

from typing import Any
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
from app.kernel.query_language.terms import Field, Kind, Term
from app.kernel.standing import find_standing, standing
from app.summaries.collection import (
    ASKED,
    ASKED_BY,
    ASKED_FILTER,
    EVENTS,
    TITLE,
    TITLE_FILTER,
    search,
)
from app.summaries.models import Summary
from app.summaries.queries import visible_to, waits_for
from app.summaries.reservations import is_free_for, reservation_of
from app.summaries.states import Status

WAITING, MINE = "waiting", "mine"


def _statement() -> Select[Summary]:
    here = find_standing()
    in_review = Summary.status == Status.IN_REVIEW.value
    return select(Summary).where(in_review, visible_to(here.actor) if here else false())


def _shelf(term: Term, moment: Moment) -> ColumnElement[bool]:
    here = find_standing()
    if here is None:
        return false()
    if term.values[0] == MINE:
        return (Summary.reserved_by == here.actor.id) & (Summary.reserved_until > moment.now)
    return waits_for(here.actor) & is_free_for(here.actor)


def _asked_by(term: Term, _moment: Moment) -> ColumnElement[bool]:
    return Summary.requested_by_name.icontains(term.values[0], autoescape=True)


def _in_hand(summary: Summary, zone: ZoneInfo) -> str:
    held = reservation_of(summary)
    return f"{held.holder_name} until {held.until.astimezone(zone):%H:%M}" if held else "nobody yet"


QUEUE = declare(
    Collection(
        name="review_queue",
        title="Review queue",
        caption="Drafts that wait for a signature, oldest first",
        noun=("draft", "drafts"),
        density="comfortable",
        columns=(
            TITLE,
            Column("in_hand", "In the hand of", _in_hand, "text", 2),
            EVENTS,
            Column("version", "Version", lambda summary, _: summary.version, "num", 3),
            ASKED_BY,
            ASKED,
        ),
        statement=_statement,
        order=(Summary.requested_at, Summary.id),
        ascending=True,
        sorted_by="requested_at",
        order_words=("Oldest first", "Newest first"),
        row_id=lambda summary: str(summary.id),
        row_href=lambda summary: url_for("summaries.show", summary_id=summary.id),
        placeholder="Filter by shelf, title or who asked",
        search=search,
        filters=(
            Filter(
                Field(
                    "shelf",
                    "Shelf",
                    Kind.CHOICE,
                    values=(WAITING, MINE),
                    hint="waiting for you, or mine: in your hand",
                ),
                _shelf,
            ),
            TITLE_FILTER,
            Filter(Field("by", "Asked by", Kind.TEXT, hint="part of a name"), _asked_by),
            ASKED_FILTER,
        ),
        presets=(
            Preset("Last 24 hours", "created:24h"),
            Preset("Last 7 days", "created:7d"),
            Preset("Any time", ""),
        ),
        empty=EmptyWords("No draft waits", "A draft comes here as soon as it is written."),
    )
)


def queue_tabs(query: str | None) -> list[dict[str, Any]]:
    """Return the tabs of summaries and of the queue's shelves.

    The shelf that the query stands for is marked; None is the list of all summaries. Who is a
    member of several tenants finds the way to the drafts of all of them.
    """
    shelves = (
        ("Waiting", f"shelf:{WAITING}"),
        ("In my hand", f"shelf:{MINE}"),
        ("All in review", None),
    )
    return [
        {"label": "All summaries", "href": url_for("summaries.index"), "current": query is None},
        *(
            {
                "label": label,
                "href": url_for("summary_queue.index", q=asked),
                "current": (asked or "") == query,
            }
            for label, asked in shelves
        ),
        *([_everywhere()] if len(standing().tenants) > 1 else []),
    ]


def _everywhere() -> dict[str, Any]:
    return {"label": "All organisations", "href": url_for("reviews.index"), "current": False}
