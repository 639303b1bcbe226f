"""Going through the log for a person, a stretch at a time: first to count, then to erase."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from app.audit.erasure.models import PersonErasure
from app.audit.erasure.person import Person
from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.erasing import Erasure, erasure_of, pointers_to_person
from app.audit.retention.holds.models import LegalHold
from app.audit.retention.holds.scope import is_held
from app.kernel.database import current_session

# So many events a transaction looks at. A word of the person may stand in any of them, so that
# every event of the log is read.
BATCH = 500


@dataclass(slots=True)
class Stretch:
    """What a stretch of the log holds of a person; `reached` is the leaf behind it.

    `fields` counts values by the kind of place they stand in. Events under hold are counted in
    `held`, and by the ids of the holds in `held_by`, and have no erasure.
    """

    reached: int
    found: int = 0
    held: int = 0
    broken: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    held_by: Counter[str] = field(default_factory=Counter)
    erasures: list[Erasure] = field(default_factory=list)


def look(
    person: Person, start: int, end: int, holds: Sequence[LegalHold], now: dt.datetime
) -> Stretch:
    """Return what at most `BATCH` events from leaf `start` on hold of a person."""
    covered = [is_held([hold]).label(f"hold_{place}") for place, hold in enumerate(holds)]
    statement = (
        select(AuditEvent, *covered)
        .where(AuditEvent.leaf >= start, AuditEvent.leaf < end)
        .order_by(AuditEvent.leaf)
        .limit(BATCH)
    )
    options = {"populate_existing": True}
    rows = current_session().execute(statement, execution_options=options).all()
    stretch = Stretch(rows[-1][0].leaf + 1 if len(rows) == BATCH else end)
    for event, *held in rows:
        holding = [hold for hold, is_so in zip(holds, held, strict=True) if is_so]
        _look_at(stretch, person, event, holding, now)
    return stretch


def note(erasure: PersonErasure, stretch: Stretch) -> None:
    """Add what a stretch holds to the numbers of an erasure."""
    erasure.reached = stretch.reached
    erasure.held += stretch.held
    erasure.broken += stretch.broken
    erasure.fields = dict(Counter(erasure.fields) + stretch.fields)
    erasure.held_by = dict(Counter(erasure.held_by) + stretch.held_by)


def _look_at(
    stretch: Stretch,
    person: Person,
    event: AuditEvent,
    holding: Sequence[LegalHold],
    now: dt.datetime,
) -> None:
    pointers = pointers_to_person(event, person.id, person.texts)
    if not pointers:
        return
    stretch.found += 1
    if holding:
        stretch.held += 1
        stretch.held_by.update(str(hold.id) for hold in holding)
        return
    try:
        erasure = erasure_of(event, pointers, now)
    except SealBroken:
        stretch.broken += 1
        return
    if erasure is not None:
        stretch.fields.update(_kind_of(pointer) for pointer in erasure.pointers)
        stretch.erasures.append(erasure)


def _kind_of(pointer: str) -> str:
    return pointer.split("/")[1]
