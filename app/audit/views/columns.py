"""Which columns the log shows: the time always, and as many others as a reader can take in."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from app.audit.collection import AUDIT_LOG
from app.audit.search.lines import EventLine
from app.kernel.collections.declaration import Collection, Column

# Beside the time; together they are the budget of a list.
MOST = 6

_OPTIONAL: tuple[Column[EventLine], ...] = (
    Column("ip", "Address", lambda event, _: event.source_ip, type="code", priority=2),
    Column("session", "Session", lambda event, _: event.session, type="code", priority=3),
    Column("reason", "Reason", lambda event, _: event.reason, priority=2),
    Column("actor_type", "Actor type", lambda event, _: event.actor_type, priority=3),
    Column("target_type", "Target type", lambda event, _: event.target_type, priority=3),
    Column("received_from", "Delivered by", lambda event, _: event.received_from, priority=3),
)
CHOICE: tuple[Column[EventLine], ...] = (*AUDIT_LOG.columns[1:], *_OPTIONAL)
STANDARD = tuple(column.key for column in AUDIT_LOG.columns[1:])


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns shown beside the time, in the order of the log; `notices` says what was odd."""

    keys: tuple[str, ...] = STANDARD
    notices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The canonical text of an address: empty for the columns shown by themselves."""
        return "" if self.keys == STANDARD else ",".join(self.keys)

    @property
    def is_full(self) -> bool:
        return len(self.keys) >= MOST

    def turned(self, key: str) -> "Columns":
        """Return these columns with one more, or one less if it is shown."""
        return Columns(
            tuple(one.key for one in CHOICE if (one.key in self.keys) ^ (one.key == key))
        )

    def of_log(self) -> Collection[Any]:
        """Return the declaration of the log with these columns."""
        if self.keys == STANDARD:
            return AUDIT_LOG
        chosen = tuple(column for column in CHOICE if column.key in self.keys)
        return dataclasses.replace(AUDIT_LOG, columns=(AUDIT_LOG.columns[0], *chosen))


def read_columns(text: str | None) -> Columns:
    """Return the columns that an address or a view asks for; what is odd becomes a notice."""
    if not text:
        return Columns()
    asked = list(dict.fromkeys(filter(None, text.split(","))))
    known = [column.key for column in CHOICE if column.key in asked]
    notices = []
    if unknown := [key for key in asked if key not in known]:
        notices.append(f"The log has no column {_named(unknown)}; it was left out.")
    if len(known) > MOST:
        notices.append(f"A list shows {MOST} columns beside the time; the last were left out.")
    return Columns(tuple(known[:MOST]) or STANDARD, tuple(notices))


def canonical_columns(text: str | None) -> str:
    """Return the text that equal choices of columns share."""
    return read_columns(text).text


def _named(keys: list[str]) -> str:
    first = keys[0][:40]
    return f"“{first}”" if len(keys) == 1 else f"“{first}”, and {len(keys) - 1} more,"
