"""Legal holds as the components show them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.audit.retention.holds.models import LegalHold
from app.audit.retention.holds.service import WHOLE_LOG
from app.kernel.times import exact, iso
from app.kernel.untrusted_text import single_line

_SHOWN = 120


def hold_words(hold: LegalHold) -> str:
    """Return what a hold covers, in one line."""
    return single_line(hold.query, _SHOWN) or WHOLE_LOG


def hold_badge(hold: LegalHold) -> dict[str, str]:
    """Return whether a hold is in force."""
    if hold.released_at is None:
        return {"text": "in force", "tone": "warning"}
    return {"text": "released", "tone": "neutral"}


def hold_facts(hold: LegalHold, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what is known of a hold."""
    covers = {"label": "Covers", "code": hold.query} if hold.query else _fact("Covers", WHOLE_LOG)
    facts = [
        covers,
        _fact("Reason", hold.reason),
        _time("Since", hold.placed_at, zone),
        _fact("Placed by", hold.placed_by_name),
    ]
    if hold.released_at is not None:
        facts += [
            _time("Released", hold.released_at, zone),
            _fact("Released by", hold.released_by_name or ""),
        ]
    return facts


def hold_actions(hold: LegalHold, *, may_release: bool) -> list[dict[str, Any]]:
    """Return what may be done about a hold."""
    events = {"label": "Its events", "href": url_for("audit.index", q=hold.query or None)}
    if hold.released_at is not None or not may_release:
        return [events]
    return [events, {"label": "Release", "href": url_for("holds.release", hold_id=hold.id)}]


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "value": value}


def _time(label: str, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {"label": label, "time": {"text": exact(at, zone), "datetime": iso(at)}}
