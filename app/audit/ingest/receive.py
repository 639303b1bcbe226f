"""Taking events in: what is acknowledged is committed, and sending twice stores once.

This is no command with an event of its own: what it writes are the events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from app.audit.contract.validate import read_event
from app.audit.event import EventDraft
from app.audit.ingest.batch import Item
from app.audit.store import store_events
from app.kernel.actor import Actor
from app.kernel.database import unit_of_work
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
    """The answer for one event; `id` is None for one that was rejected."""

    status: Status
    id: UUID | None = None
    errors: tuple[FieldProblem, ...] = ()


def receive_event(actor: Actor, value: object, idempotency_key: str | None = None) -> Receipt:
    """Store one event in the actor's tenant; raises `InvalidInput` when it does not fit.

    An `idempotency_key` gives an event without an id one that follows from tenant and key, so
    that the same request sent again is a duplicate for as long as the event is kept.
    """
    draft = read_event(value, id_if_absent=_id_of_key(actor, idempotency_key))
    return store_drafts([draft], actor.id)[0]


def receive_batch(actor: Actor, items: Sequence[Item]) -> list[Receipt]:
    """Store what fits of a batch, all in one transaction; return a receipt for each item."""
    drafts = [item.draft for item in items if item.draft is not None]
    stored = iter(store_drafts(drafts, actor.id))
    return [
        Receipt(Status.REJECTED, errors=item.errors) if item.draft is None else next(stored)
        for item in items
    ]


def store_drafts(drafts: Sequence[EventDraft], received_from: str) -> list[Receipt]:
    """Commit the events to the log of the tenant in scope; return a receipt for each.

    `received_from` names who delivered them.
    """
    # The first of those that share an id counts.
    distinct = {draft.id: draft for draft in reversed(drafts)}
    with unit_of_work() as session:
        new = store_events(session, list(distinct.values()), received_from=received_from)
    receipts = []
    for draft in drafts:
        status = Status.STORED if draft.id in new else Status.DUPLICATE
        new.discard(draft.id)
        receipts.append(Receipt(status, draft.id))
    return receipts


def _id_of_key(actor: Actor, key: str | None) -> UUID | None:
    if key is None:
        return None
    if not key or len(key) > MAX_KEY_LENGTH or not is_storable(key):
        raise Problem(f"An Idempotency-Key is 1 to {MAX_KEY_LENGTH} characters of text.")
    return uuid5(actor.tenant, f"idempotency-key:{key}")
