"""What the overview of a tenant shows of its log."""

from typing import Any

from flask import url_for

from app.audit.collection import AUDIT_LOG, OUTCOME_TONES
from app.audit.histogram import histogram
from app.audit.models import AuditEvent
from app.audit.presenting import histogram_view
from app.kernel import clock
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import COUNT_CAP, count_capped, matching
from app.kernel.database import current_session
from app.kernel.query_language.query import parse
from app.kernel.query_language.times import between
from app.kernel.standing import tenant_here
from app.kernel.times import time_cell

WEEK = "created:7d"
TROUBLE = "outcome:failure,denied"
FEW = 6


def count_events(query_text: str) -> int:
    """Return how many events of the tenant match a query of the log, up to the cap of counts."""
    query = parse(query_text, AUDIT_LOG.fields)
    return min(count_capped(matching(AUDIT_LOG, query, _moment())), COUNT_CAP)


def week_view() -> dict[str, Any] | None:
    """Return the last seven days as the histogram component draws them; None for an empty log."""
    query, moment = parse(WEEK, AUDIT_LOG.fields), _moment()
    bars = histogram(query, moment)
    if bars is None or not bars.total:
        return None
    return histogram_view(
        bars,
        moment.zone,
        lambda bar: url_for(
            "audit.index", q=query.text_with_only(between("created", bar.start, bar.end))
        ),
    )


def latest_trouble() -> dict[str, Any]:
    """Return the latest failed and denied events of the week, as the table component takes them."""
    zone = tenant_here().zone
    query = parse(f"{TROUBLE} {WEEK}", AUDIT_LOG.fields)
    statement = (
        matching(AUDIT_LOG, query, _moment())
        .order_by(AuditEvent.occurred_at.desc(), AuditEvent.id.desc())
        .limit(FEW)
    )
    rows = [
        {
            "id": str(event.id),
            "href": url_for("audit.show", event_id=event.id),
            "cells": {
                "time": time_cell(event.occurred_at, zone),
                "actor": event.actor_name,
                "action": event.action,
                "outcome": {"text": event.outcome, "tone": OUTCOME_TONES[event.outcome]},
            },
        }
        for event in current_session().scalars(statement)
    ]
    columns = [
        {"key": "time", "label": "Time", "type": "time"},
        {"key": "actor", "label": "Actor"},
        {"key": "action", "label": "Action", "type": "code"},
        {"key": "outcome", "label": "Outcome", "type": "badge"},
    ]
    return {"columns": columns, "rows": rows, "href": url_for("audit.index", q=query.canonical())}


def _moment() -> Moment:
    return Moment(clock.now(), tenant_here().zone)
