"""Trying again what was refused, against the event types as they are now."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.audit.contract.refusal import EventRefused, RefusalKind
from app.audit.contract.strict_json import JsonUnreadable, read_json
from app.audit.contract.types import TypeBook
from app.audit.contract.unseen import visible_text
from app.audit.contract.validate import read_event
from app.audit.event import EventDraft
from app.audit.event_types.catalogue import open_catalogue
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.audit.ingest.quarantine.store import spell_problems
from app.audit.ingest.rules.service import get_rules
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.problems import FieldProblem

_CUT = FieldProblem("", "Only the beginning of this item was kept; its sender has to send it.")


@dataclass(slots=True)
class Tried:
    """What became of some items."""

    stored: list[QuarantinedItem] = field(default_factory=list)
    duplicates: list[QuarantinedItem] = field(default_factory=list)
    refused: list[QuarantinedItem] = field(default_factory=list)


def try_again(session: Session, items: Sequence[QuarantinedItem]) -> Tried:
    """Store what fits now and take it out of quarantine, in the open transaction.

    What still does not fit stays, with the reasons of today. An item whose event the log has
    already leaves the quarantine as well.
    """
    values = {item.id: _value(item) for item in items}
    rules = get_rules()
    types = open_catalogue(values.values(), registered_only=rules.registered_types_only)
    tried, drafts = Tried(), list[tuple[QuarantinedItem, EventDraft]]()
    for item in items:
        draft = _read(item, values[item.id], types)
        if draft is None:
            tried.refused.append(item)
        else:
            drafts.append((item, draft))
    for sender in sorted({item.received_from for item, _ in drafts}):
        ours = [(item, draft) for item, draft in drafts if item.received_from == sender]
        distinct = {draft.id: draft for _, draft in reversed(ours)}
        new = store_events(session, list(distinct.values()), received_from=sender)
        for item, draft in ours:
            (tried.stored if draft.id in new else tried.duplicates).append(item)
            new.discard(draft.id)
            session.delete(item)
    return tried


def _value(item: QuarantinedItem) -> object:
    try:
        return read_json(item.item) if item.is_whole else None
    except JsonUnreadable:
        return None


def _read(item: QuarantinedItem, value: object, types: TypeBook) -> EventDraft | None:
    item.attempts += 1
    item.last_tried_at = clock.now()
    if not item.is_whole:
        item.problems = spell_problems([_CUT])
        return None
    # A line that was no JSON is none today either; its reasons stay as they are.
    if item.kind == RefusalKind.UNREADABLE:
        return None
    try:
        return read_event(value, id_if_absent=item.event_id, types=types)
    except EventRefused as refusal:
        item.kind, item.problems = refusal.kind.value, spell_problems(refusal.errors)
        return None


def laid_out(item: QuarantinedItem) -> str:
    """Return the item as a person reads it: JSON in lines, or what was sent.

    What cannot be seen is written out, as JSON would write it.
    """
    if not item.is_whole or item.kind == RefusalKind.UNREADABLE:
        return visible_text(item.item)
    return visible_text(json.dumps(_value(item), indent=2, ensure_ascii=False))
