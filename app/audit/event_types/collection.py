"""Event types as a list page."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from app.audit.event_types.event_type import RETENTION_CLASSES, Origin
from app.audit.event_types.listed import DEPRECATED, IN_FORCE, ListedEventType
from app.kernel.collections.declaration import Collection, Column, EmptyWords, Filter, declare
from app.kernel.collections.filters import begins_with, equals_any
from app.kernel.query_language.terms import Field, Kind

_TONES = {IN_FORCE: "success", DEPRECATED: "warning"}


def _action(kind: ListedEventType) -> dict[str, Any]:
    return {"text": kind.action, "sub": kind.title}


EVENT_TYPES = declare(
    Collection(
        name="event_types",
        title="Event types",
        caption="Event types by action",
        noun=("event type", "event types"),
        order_words=("By action", "By action, from the end"),
        sorted_by="action",
        columns=(
            Column("action", "Action", lambda kind, _: _action(kind)),
            Column("version", "Version", lambda kind, _: kind.version, type="num", priority=2),
            Column(
                "status",
                "Status",
                lambda kind, _: {"text": kind.status, "tone": _TONES[kind.status]},
                type="badge",
            ),
            Column("owner", "Owner", lambda kind, _: kind.owner, priority=2),
            Column("retention", "Retention", lambda kind, _: kind.retention, priority=3),
            Column(
                "origin",
                "Defined by",
                lambda kind, _: "Ballast" if kind.origin == Origin.BALLAST else "this tenant",
                priority=3,
            ),
        ),
        statement=lambda: select(ListedEventType),
        order=(ListedEventType.action,),
        ascending=True,
        row_id=lambda kind: kind.action,
        row_href=lambda kind: url_for("event_types.show", action=kind.action),
        placeholder="Filter by action, owner, retention or who defined it",
        filters=(
            Filter(
                Field("action", "Action", Kind.PREFIX, hint="begins with, as in member."),
                begins_with(ListedEventType.action),
            ),
            Filter(
                Field("owner", "Owner", Kind.PREFIX, hint="begins with"),
                begins_with(ListedEventType.owner),
            ),
            Filter(
                Field(
                    "origin",
                    "Defined by",
                    Kind.CHOICE,
                    values=tuple(Origin),
                    hint="ballast or tenant",
                ),
                equals_any(ListedEventType.origin),
            ),
            Filter(
                Field(
                    "retention",
                    "Retention",
                    Kind.CHOICE,
                    values=RETENTION_CLASSES,
                    hint=", ".join(RETENTION_CLASSES),
                ),
                equals_any(ListedEventType.retention),
            ),
        ),
        empty=EmptyWords("No event types yet", "Register the first one."),
    )
)
