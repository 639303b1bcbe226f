"""The quarantine as a list page."""

from flask import url_for
from sqlalchemy import select

from app.audit.contract.refusal import RefusalKind
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.ingest.quarantine.presenting import kind_badge
from app.kernel.collections.declaration import (
    Collection,
    Column,
    EmptyWords,
    Filter,
    Preset,
    declare,
)
from app.kernel.collections.filters import begins_with, equals_any, within_time
from app.kernel.query_language.terms import Field, Kind
from app.kernel.times import time_cell
from app.kernel.untrusted_text import single_line

_DETAIL_SHOWN = 120


def _reason(item: QuarantinedItem) -> dict[str, str | None]:
    first = item.problems[0] if item.problems else {"pointer": "", "detail": ""}
    more = len(item.problems) - 1
    others = f" (and {more} more)" if more > 0 else ""
    return {
        "text": single_line(first["detail"], _DETAIL_SHOWN) + others,
        "sub": single_line(first["pointer"], _DETAIL_SHOWN) or None,
    }


QUARANTINE = declare(
    Collection(
        name="quarantine",
        title="Quarantine",
        caption="Refused items, newest first",
        noun=("refused item", "refused items"),
        density="comfortable",
        columns=(
            Column(
                "received",
                "Received",
                lambda item, zone: time_cell(item.received_at, zone),
                type="time",
            ),
            Column("action", "Action", lambda item, _: item.action or "–", type="code"),
            Column("kind", "Refused as", lambda item, _: kind_badge(item.kind), type="badge"),
            Column("reason", "Why", lambda item, _: _reason(item), priority=2),
            Column("sent", "Sent", lambda item, _: item.times_sent, type="num", priority=3),
            Column("tried", "Tried", lambda item, _: item.attempts, type="num", priority=3),
        ),
        statement=lambda: select(QuarantinedItem),
        order=(QuarantinedItem.received_at, QuarantinedItem.id),
        row_id=lambda item: str(item.id),
        row_href=lambda item: url_for("quarantine.show", item_id=item.id),
        placeholder="Filter by action, kind, key or time",
        presets=(
            Preset("Last 24 hours", "received:24h"),
            Preset("Last 7 days", "received:7d"),
        ),
        filters=(
            Filter(
                Field("action", "Action", Kind.PREFIX, hint="begins with, as in invoice."),
                begins_with(QuarantinedItem.action),
            ),
            Filter(
                Field(
                    "kind",
                    "Refused as",
                    Kind.CHOICE,
                    values=tuple(RefusalKind),
                    hint="unreadable, frame, type or unregistered",
                ),
                equals_any(QuarantinedItem.kind),
            ),
            Filter(
                Field("key", "Key", Kind.TEXT, hint="id of the API key that sent it"),
                equals_any(QuarantinedItem.received_from),
            ),
            Filter(
                Field("received", "Received", Kind.TIME, hint="24h, 2026-11-01, a..b"),
                within_time(QuarantinedItem.received_at),
            ),
        ),
        empty=EmptyWords(
            "Nothing is refused",
            "What a program sends and does not fit its contract waits here, until it is replayed"
            " or discarded.",
        ),
    )
)
