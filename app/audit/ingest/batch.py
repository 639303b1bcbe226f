"""From a body to the events in it, each read or refused on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.audit.contract.strict_json import JsonUnreadable, read_json
from app.audit.contract.validate import read_event
from app.audit.event import EventDraft
from app.kernel.problems import FieldProblem, InvalidInput, PayloadTooLarge, Problem

MAX_EVENTS = 1_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """One event of a batch: its draft, or what is wrong with it."""

    draft: EventDraft | None
    errors: tuple[FieldProblem, ...] = ()


def read_value(text: str) -> object:
    """Return the JSON value of a whole body; raises `Problem` with the line and column."""
    if not text.strip():
        raise Problem("The body is empty. Send one event, or several.")
    try:
        value: object = read_json(text)
    except JsonUnreadable as error:
        raise Problem(str(error)) from None
    return value


def items_of_list(values: Sequence[object]) -> list[Item]:
    """Return the items of a JSON list of events, in its order."""
    return _items(values, _item)


def items_of_lines(text: str) -> list[Item]:
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
    return _items(lines, _item_of_line)


def _items(values: Sequence[T], read: Callable[[T], Item]) -> list[Item]:
    if len(values) > MAX_EVENTS:
        raise PayloadTooLarge(
            f"A request may hold {MAX_EVENTS:,} events; this one holds {len(values):,}."
        )
    return [read(value) for value in values]


def _item(value: object) -> Item:
    try:
        return Item(read_event(value))
    except InvalidInput as refusal:
        return Item(None, refusal.errors)


def _item_of_line(numbered: tuple[int, str]) -> Item:
    number, line = numbered
    try:
        return _item(read_json(line))
    except JsonUnreadable as error:
        column = "" if error.column is None else f", column {error.column}"
        return Item(None, (FieldProblem("", f"{error.detail} (line {number}{column})"),))
