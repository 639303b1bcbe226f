"""Taking events in: what is acknowledged is committed, and sending twice stores once.

This is no command with an event of its own: what it writes are the events.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.audit.contract.types import UNREGISTERED
from app.audit.event import EventDraft
from app.audit.event_types.catalogue import Catalogue, open_catalogue
from app.audit.ingest.allowance import Window, spend_events
from app.audit.ingest.batch import Item, Sent, read_items
from app.audit.ingest.pressure import short_waits
from app.audit.ingest.quarantine.store import put_aside
from app.audit.ingest.rules.service import get_rules
from app.audit.store import store_events
from app.kernel.actor import Actor
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from app.kernel.problems import FieldProblem, Problem
from app.kernel.untrusted_text import is_storable

MAX_KEY_LENGTH = 255


class Status(StrEnum):
    """What became of one event."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer for one event.

    `id` is None for one that was rejected; `quarantine` is the item that then waits in the
    quarantine, or None if there was no room. `version` is that of the event's type, 0 for a
    type that nobody registered; `deprecation` says what to use instead of that version.
    """

    status: Status
    id: UUID | None = None
    errors: tuple[FieldProblem, ...] = ()
    quarantine: UUID | None = None
    version: int | None = None
    deprecation: str | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of a request: a receipt for each item in its order, and what may still come."""

    receipts: list[Receipt]
    allowance: Window


def receive(actor: Actor, sent: Sequence[Sent], idempotency_key: str | None = None) -> Reception:
    """Store what fits of the items in the actor's tenant, and put the rest into quarantine.

    All of it is one transaction, committed on return. An `idempotency_key` gives each event
    without an id one that follows from tenant, key and place, so that the same request sent
    again is a duplicate for as long as the events are kept. Raises `TooManyRequests` and
    `TooBusy`, and then nothing is stored.
    """
    rules = get_rules()
    types = open_catalogue((one.value for one in sent), registered_only=rules.registered_types_only)
    items = read_items(sent, types, _ids_of_key(actor, idempotency_key))
    with unit_of_work() as session, short_waits(session):
        allowance = spend_events(session, actor.id, len(items), rules)
        receipts = _store(session, items, received_from=actor.id)
    return Reception(
        [_with_deprecation(one, types, item) for one, item in zip(receipts, items, strict=True)],
        allowance,
    )


def store_drafts_in(
    session: Session, drafts: Sequence[EventDraft], received_from: str
) -> list[Receipt]:
    """Store the events in the log of the tenant in scope; return a receipt for each.

    Runs in the caller's transaction. `received_from` names who delivered them. Drafts of importers
    are held to no type, whatever their action: other systems wrote them to contracts of their own.
    They are labelled so.
    """
    labelled = [dataclasses.replace(draft, version=UNREGISTERED) for draft in drafts]
    return _store_drafts(session, labelled, received_from)


def _store(session: Session, items: Sequence[Item], received_from: str) -> list[Receipt]:
    drafts = [item.draft for item in items if item.draft is not None]
    rejections = [item.rejection for item in items if item.rejection is not None]
    # The quarantine before the log, as everybody who needs both.
    waiting = iter(put_aside(session, rejections, received_from) if rejections else ())
    stored = iter(_store_drafts(session, drafts, received_from))
    return [
        next(stored)
        if item.rejection is None
        else Receipt(Status.REJECTED, errors=item.rejection.errors, quarantine=next(waiting))
        for item in items
    ]


def _store_drafts(
    session: Session, drafts: Sequence[EventDraft], received_from: str
) -> list[Receipt]:
    # The first of those that share an id counts.
    distinct = {draft.id: draft for draft in reversed(drafts)}
    new = store_events(session, list(distinct.values()), received_from=received_from)
    receipts = []
    for draft in drafts:
        status = Status.STORED if draft.id in new else Status.DUPLICATE
        new.discard(draft.id)
        receipts.append(Receipt(status, draft.id, version=draft.version))
    return receipts


def _with_deprecation(receipt: Receipt, types: Catalogue, item: Item) -> Receipt:
    if item.draft is None:
        return receipt
    words = types.deprecation_of(item.draft.action, item.draft.version)
    return dataclasses.replace(receipt, deprecation=words) if words else receipt


def _ids_of_key(actor: Actor, key: str | None) -> Callable[[int], UUID]:
    if key is None:
        return lambda _place: uuid7()
    if not key or len(key) > MAX_KEY_LENGTH or not is_storable(key):
        raise Problem(f"An Idempotency-Key is 1 to {MAX_KEY_LENGTH} characters of text.")
    first = uuid5(actor.tenant, f"idempotency-key:{key}")
    return lambda place: uuid5(first, str(place)) if place else first
