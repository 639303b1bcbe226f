"""From a body to the events in it, each read or refused on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.audit.contract.refusal import EventRefused, RefusalKind
from app.audit.contract.strict_json import JsonUnreadable, read_json
from app.audit.contract.types import TypeBook
from app.audit.contract.validate import read_event
from app.audit.event import EventDraft
from app.audit.ingest.quarantine.store import Rejection
from app.kernel.problems import FieldProblem, PayloadTooLarge, Problem

MAX_EVENTS = 1_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One item as it was sent: its JSON value, or why its line is no JSON."""

    value: object
    broken: FieldProblem | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item read: the draft of its event, or its rejection."""

    draft: EventDraft | None = None
    rejection: Rejection | None = None


def sent_in_list(values: Sequence[object]) -> list[Sent]:
    """Return the items of a JSON list of events, in its order."""
    _demand_room(len(values))
    return [Sent(value) for value in values]


def sent_in_lines(text: str) -> list[Sent]:
    """Return the items of a body with one event a line; empty lines count for nothing.

    A line that is no JSON is an item with an error, like any other that does not fit.
    """
    # Only these two characters end a line: U+2028 may stand within JSON text.
    lines = [
        (number, line.rstrip("\r"))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise Problem("The body is empty. Send one event a line.")
    _demand_room(len(lines))
    return [_sent_line(number, line) for number, line in lines]


def read_items(
    sent: Sequence[Sent], types: TypeBook, id_if_absent: Callable[[int], UUID]
) -> list[Item]:
    """Read each item on its own; one without an id of its own gets the one for its place."""
    return [_read(one, types, id_if_absent(place)) for place, one in enumerate(sent)]


def _read(sent: Sent, types: TypeBook, id_if_absent: UUID) -> Item:
    if sent.broken is not None:
        rejection = Rejection(RefusalKind.UNREADABLE, (sent.broken,), sent.value, id_if_absent)
        return Item(rejection=rejection)
    try:
        return Item(read_event(sent.value, id_if_absent=id_if_absent, types=types))
    except EventRefused as refusal:
        return Item(rejection=Rejection(refusal.kind, refusal.errors, sent.value, id_if_absent))


def _demand_room(count: int) -> None:
    if count > MAX_EVENTS:
        raise PayloadTooLarge(
            f"A request may hold {MAX_EVENTS:,} events; this one holds {count:,}."
        )


def _sent_line(number: int, line: str) -> Sent:
    try:
        return Sent(read_json(line))
    except JsonUnreadable as error:
        column = "" if error.column is None else f", column {error.column}"
        return Sent(line, FieldProblem("", f"{error.detail} (line {number}{column})"))
