"""Putting refused items aside, within the bounds of the quarantine."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.contract.refusal import RefusalKind
from app.audit.contract.unseen import visible_line, visible_text
from app.audit.ingest.quarantine.lock import lock_quarantine
from app.audit.ingest.quarantine.models import QuarantinedItem
from app.kernel import clock
from app.kernel.database import scope_of
from app.kernel.ids import uuid7
from app.kernel.problems import FieldProblem
from app.kernel.untrusted_text import is_storable

MAX_ITEMS = 10_000
MAX_ITEM_BYTES = 64 * 1024
MAX_BYTES = 64 * 1024 * 1024
MAX_ACTION = 120

_ITEMS = cast("Table", QuarantinedItem.__table__)
_INSERT = insert(_ITEMS)
_COUNT_IN = _INSERT.on_conflict_do_update(
    index_elements=["tenant_id", "item_hash"],
    set_={
        "times_sent": _ITEMS.c.times_sent + 1,
        "kind": _INSERT.excluded.kind,
        "problems": _INSERT.excluded.problems,
        "last_tried_at": _INSERT.excluded.last_tried_at,
    },
).returning(_ITEMS.c.item_hash, _ITEMS.c.id)


@dataclass(frozen=True, slots=True)
class Rejection:
    """An item that was refused: what was sent, why, and the id that its event would have got.

    `sent` is text for a line that is no JSON, and otherwise the JSON value.
    """

    kind: RefusalKind
    errors: tuple[FieldProblem, ...]
    sent: object
    event_id: UUID

    @property
    def text(self) -> str:
        """What was sent as text that can be stored, and read again as the same JSON."""
        if self.kind is RefusalKind.UNREADABLE and isinstance(self.sent, str):
            return visible_text(self.sent)
        spelt = json.dumps(self.sent, ensure_ascii=False)
        return spelt if is_storable(spelt) else json.dumps(self.sent)

    @property
    def action(self) -> str | None:
        """What the item says that its action is."""
        action = self.sent.get("action") if isinstance(self.sent, dict) else None
        return visible_line(action[:MAX_ACTION]) if isinstance(action, str) else None


def put_aside(
    session: Session, rejections: Sequence[Rejection], received_from: str
) -> list[UUID | None]:
    """Keep refused items in the open transaction; return for each the id under which it waits.

    An item that waits already is counted, not kept twice. None is for what finds no room: the
    oldest are not pushed out for it, because their senders were told that they are kept.
    """
    lock_quarantine(session)
    rows = [_row(one, received_from) for one in rejections]
    distinct = {str(row["item_hash"]): row for row in rows}
    waiting = _waiting(session, list(distinct))
    room = _room(session)
    chosen = []
    for item_hash, row in distinct.items():
        if item_hash not in waiting:
            if room.items < 1 or room.bytes < len(str(row["item"]).encode()):
                continue
            room.items -= 1
            room.bytes -= len(str(row["item"]).encode())
        chosen.append(row)
    ids = _write(session, chosen)
    return [ids.get(str(row["item_hash"])) for row in rows]


@dataclass(slots=True)
class _Room:
    items: int
    bytes: int


def _room(session: Session) -> _Room:
    statement = select(
        func.count(), func.coalesce(func.sum(func.octet_length(QuarantinedItem.item)), 0)
    ).select_from(QuarantinedItem)
    count, size = session.execute(statement).one()
    return _Room(MAX_ITEMS - count, MAX_BYTES - size)


def _waiting(session: Session, hashes: list[str]) -> set[str]:
    statement = select(QuarantinedItem.item_hash).where(QuarantinedItem.item_hash.in_(hashes))
    return set(session.scalars(statement))


def _write(session: Session, rows: list[dict[str, object]]) -> dict[str, UUID]:
    if not rows:
        return {}
    tenant_id = scope_of(session).tenant_id
    stamped = [{"tenant_id": tenant_id, **row} for row in rows]
    found = session.execute(_COUNT_IN, stamped)
    return {row.item_hash: row.id for row in found}


def _row(rejection: Rejection, received_from: str) -> dict[str, object]:
    text, now = rejection.text, clock.now()
    spelt = text.encode()
    return {
        "id": uuid7(),
        "received_at": now,
        "received_from": received_from,
        "action": rejection.action,
        "kind": rejection.kind.value,
        "problems": spell_problems(rejection.errors),
        # A character that is cut in two is left out.
        "item": spelt[:MAX_ITEM_BYTES].decode(errors="ignore"),
        "item_bytes": len(spelt),
        "item_hash": hashlib.sha256(spelt).hexdigest(),
        "event_id": rejection.event_id,
        "times_sent": 1,
        "attempts": 1,
        "last_tried_at": now,
    }


def spell_problems(errors: Sequence[FieldProblem]) -> list[dict[str, str]]:
    """Return problems as they are stored; they may quote what was sent."""
    return [
        {"pointer": visible_line(one.pointer), "detail": visible_line(one.detail)} for one in errors
    ]
