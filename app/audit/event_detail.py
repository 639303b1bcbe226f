"""One event in full: what happened, what it changed, where to look on, and all of it as JSON."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import select

from app.audit.collection import AUDIT_LOG, OUTCOME_TONES
from app.audit.contract.types import UNREGISTERED
from app.audit.models import AuditEvent
from app.audit.proof.leaves import ERASED
from app.audit.proof.presenting import seal_fact
from app.audit.reading.document import event_document
from app.kernel.database import current_session
from app.kernel.query_language.canonical import write
from app.kernel.query_language.terms import Operator, Term
from app.kernel.query_language.times import between
from app.kernel.record_pages import MAX_TITLE, Panel
from app.kernel.times import exact, iso
from app.kernel.untrusted_text import single_line

# On either side of an event.
AROUND = dt.timedelta(minutes=5)
# As much JSON as a page shows; the rest is one press away.
JSON_SHOWN = 8_000

Facts = list[dict[str, Any]]
# From a query, and the id of the event that stays open if one does, to an address of the log.
Ask = Callable[[str, str | None], str]


@dataclass(frozen=True, slots=True)
class EventDetail:
    """What is shown of an event, as the components take it; `more` is what few readers need."""

    title: str
    facts: Facts
    changes: Facts
    more: Facts
    json: list[dict[str, str]]
    pivots: list[dict[str, str]]

    def panels(self) -> list[Panel]:
        """Return the parts of the page of an event."""
        panels = [Panel("Event", self.facts)]
        if self.changes:
            panels.append(Panel("Changes", self.changes))
        return [*panels, Panel("Identifiers", self.more), Panel("As JSON", text=self.json)]


def event_title(event: AuditEvent) -> str:
    """Return what happened in a few words: `member.role_changed: Ana Ruiz`."""
    words = event.action.replace(".", " ").replace("_", " ").capitalize()
    title = f"{words}: {event.target_name}" if event.target_name else words
    return single_line(title, MAX_TITLE)


def event_detail(
    event: AuditEvent, zone: ZoneInfo, ask: Ask, *, may_erase: bool = False
) -> EventDetail:
    """Return everything that is known of an event; `ask` makes the addresses of its pivots.

    Who may ask for an erasure finds the way to it here, where somebody acted.
    """
    return EventDetail(
        title=event_title(event),
        facts=_facts(event, zone),
        changes=_changes(event),
        more=_more(event, zone),
        json=_json_shown(event),
        pivots=[*_pivots(event, ask), *(_erase(event) if may_erase else ())],
    )


def event_json(event: AuditEvent) -> str:
    """Return an event as JSON with line breaks, in the shape that the API answers with."""
    table = AuditEvent.metadata.tables[AuditEvent.__tablename__]
    statement = select(event_document(table)).where(
        table.c.tenant_id == event.tenant_id, table.c.id == event.id
    )
    text = current_session().scalars(statement).one()
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)


def _facts(event: AuditEvent, zone: ZoneInfo) -> Facts:
    tone = OUTCOME_TONES[event.outcome]
    facts: Facts = [
        {"label": "Action", "code": event.action},
        {"label": "Actor", "value": event.actor_name or ERASED, "sub": event.actor_type},
        {"label": "Outcome", "badge": {"text": event.outcome, "tone": tone}},
        {
            "label": "Time",
            "time": {
                "text": exact(event.occurred_at, zone),
                "datetime": iso(event.occurred_at),
                "title": f"Received {exact(event.received_at, zone)}",
            },
        },
    ]
    facts += [
        {"label": "Target", "value": target["name"] or ERASED, "sub": target["type"]}
        for target in event.targets
    ]
    if event.reason:
        facts.append({"label": "Reason", "value": event.reason, "folds": True})
    facts += [
        {"label": _words(key), "value": _plain(value), "folds": True}
        for key, value in sorted(event.extra.items())
        if value is not None
    ]
    facts += _codes(("Address", event.source_ip), ("Session", event.session))
    return [*facts, seal_fact(event)]


def _changes(event: AuditEvent) -> Facts:
    return [
        {
            "label": _words(key),
            "diff": {"before": change.get("before"), "after": change.get("after")},
        }
        for key, change in event.changes.items()
    ]


def _more(event: AuditEvent, zone: ZoneInfo) -> Facts:
    """Return the identifiers of an event, and what it was held to."""
    facts = _codes(("Event id", event.id), ("Actor id", event.actor_id))
    facts += _codes(*(("Target id", target["id"]) for target in event.targets))
    facts += _codes(("Request", event.request_id), ("Delivered by", event.received_from))
    if event.user_agent:
        facts.append({"label": "Program", "value": event.user_agent, "folds": True})
    facts.append({"label": "Received", "value": exact(event.received_at, zone)})
    if event.erased_at:
        facts.append({"label": "Values erased", "value": exact(event.erased_at, zone)})
    facts.append(_type_fact(event))
    return [*facts, {"label": "Written by", "code": event.release}]


def _type_fact(event: AuditEvent) -> dict[str, Any]:
    version = event.event_type_version
    if version == UNREGISTERED:
        return {
            "label": "Type",
            "badge": {"text": "unregistered", "tone": "neutral"},
            "sub": "held to no contract",
        }
    address = url_for("event_types.show", action=event.action, version=version)
    return {"label": "Type", "link": {"href": address, "text": f"version {version}"}}


def _json_shown(event: AuditEvent) -> list[dict[str, str]]:
    text = event_json(event)
    whole = {"type": "link", "href": url_for("audit.document", event_id=event.id)}
    blocks = [{"type": "code", "text": text[:JSON_SHOWN], "label": "The event as JSON"}]
    if len(text) <= JSON_SHOWN:
        return [*blocks, {**whole, "text": "Open the JSON alone"}]
    return [*blocks, {**whole, "text": f"It goes on: open all {len(text):,} characters"}]


def _pivots(event: AuditEvent, ask: Ask) -> list[dict[str, str]]:
    """Return the ways on from an event: what is the same, and what happened around it."""
    same: Mapping[str, tuple[str, str | None]] = {
        "Same actor": ("actor", _unless_erased(event.actor_id)),
        "Same session": ("session", event.session),
        "Same target": ("target", _unless_erased(event.target_id)),
        "Same address": ("ip", str(event.source_ip) if event.source_ip else None),
    }
    pivots = [
        {"label": label, "href": ask(_query(Term(key, Operator.EQUALS, (value,))), None)}
        for label, (key, value) in same.items()
        if value
    ]
    at = event.occurred_at
    minutes = _query(between("created", at - AROUND, at + AROUND))
    return [*pivots, {"label": "5 minutes around", "href": ask(minutes, str(event.id))}]


def _erase(event: AuditEvent) -> list[dict[str, str]]:
    if event.actor_type != "person" or _unless_erased(event.actor_id) is None:
        return []
    href = url_for("erasures.new", actor=event.actor_id)
    return [{"label": "Erase this person", "href": href, "variant": "danger"}]


def _unless_erased(value: str | None) -> str | None:
    """Return an id; None where it was erased: what is left is the same for everybody."""
    return None if value == ERASED else value


def _query(term: Term) -> str:
    return write((term,), AUDIT_LOG.fields)


def _codes(*pairs: tuple[str, object]) -> Facts:
    return [{"label": label, "code": str(value)} for label, value in pairs if value]


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
