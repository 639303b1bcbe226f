"""A claim as a form, and the form as a claim."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wtforms import SelectChoice

from app.audit.queries import EventFact
from app.kernel.commands import Outcome
from app.summaries.claims.fields import ClaimFields
from app.summaries.forms import ClaimForm
from app.summaries.models import SummaryClaim


def claim_form(claim: SummaryClaim, events: Sequence[EventFact], zone: ZoneInfo) -> ClaimForm:
    """Return the form of a claim, filled in; `events` are those that it may cite."""
    fields = ClaimFields.from_json(claim.fields)
    form = ClaimForm(
        data={
            "actor": _shown(claim, "actor"),
            "action": fields.action,
            "outcome": fields.outcome.value if fields.outcome else "",
            "target": _shown(claim, "target"),
            "ip": fields.ip,
            "count": fields.count,
            "first": _local(fields.first, zone),
            "last": _local(fields.last, zone),
            "is_complete": fields.is_complete,
            "events": [str(event_id) for event_id in claim.event_ids],
        }
    )
    form.events.choices = [SelectChoice(str(event.id), _words(event, zone)) for event in events]
    return form


def read_claim(
    form: ClaimForm, claim: SummaryClaim, zone: ZoneInfo
) -> tuple[ClaimFields, tuple[UUID, ...]]:
    """Return what the form says. What was not touched keeps its exact value.

    A name that is still the one that was shown means the same id; a time that is still the same
    second means the same moment.
    """
    stored = ClaimFields.from_json(claim.fields)
    fields = ClaimFields(
        kind=stored.kind,
        actor=_kept(form.actor.data, _shown(claim, "actor"), stored.actor),
        action=form.action.data or None,
        target=_kept(form.target.data, _shown(claim, "target"), stored.target),
        outcome=Outcome(form.outcome.data) if form.outcome.data else None,
        ip=form.ip.data or None,
        count=form.count.data or 0,
        first=_moment(form.first.data, stored.first, zone),
        last=_moment(form.last.data, stored.last, zone),
        is_complete=form.is_complete.data,
    )
    return fields, tuple(UUID(event_id) for event_id in form.events.data or ())


def _shown(claim: SummaryClaim, key: str) -> str:
    names: dict[str, Any] = claim.fields["names"]
    return names[key] or claim.fields[key] or ""


def _kept(typed: str | None, shown: str, stored: str | None) -> str | None:
    return stored if (typed or "") == shown.strip() else typed or None


def _local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.astimezone(zone).replace(microsecond=0, tzinfo=None)


def _moment(typed: datetime | None, stored: datetime | None, zone: ZoneInfo) -> datetime | None:
    if typed is None:
        return None
    return stored if typed == _local(stored, zone) else typed.replace(tzinfo=zone)


def _words(event: EventFact, zone: ZoneInfo) -> str:
    at = event.occurred_at.astimezone(zone)
    return f"{at:%H:%M:%S} {event.actor_name} · {event.action} · {event.outcome}"
