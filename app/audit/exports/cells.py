"""The cells of an export as CSV, written by the database itself, safe to open in a spreadsheet."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, case, func, literal, type_coerce
from sqlalchemy import cast as sql_cast

from app.audit.reading.document import utc_text
from app.kernel.untrusted_text import FORMULA

HEADER = (
    "id",
    "occurred_at",
    "received_at",
    "actor_type",
    "actor_id",
    "actor_name",
    "action",
    "outcome",
    "target_type",
    "target_id",
    "target_name",
    "source_ip",
    "user_agent",
    "session",
    "reason",
    "changes",
    "metadata",
    "targets",
    "request_id",
    "event_type_version",
    "received_from",
    "retention",
    "leaf",
)
_TIMES = frozenset({"occurred_at", "received_at"})
_JSON = frozenset({"changes", "metadata", "targets"})
# What Ballast itself wrote, or what has to fit a check of the table; no formula begins like it.
_SAFE = frozenset(
    {"id", "actor_type", "outcome", "event_type_version", "retention", "leaf", "source_ip"}
)


def cells(source: FromClause) -> list[ColumnElement[Any]]:
    """Return the SQL of the cells of an event in the order of `HEADER`, from the log or its view.

    A cell that a spreadsheet would take for a formula has an apostrophe in front.
    """
    return [_cell(name, source.c[name]).label(name) for name in HEADER]


def header_line() -> bytes:
    """Return the line of names that a CSV file begins with, spelled as the database spells rows."""
    return (",".join(f'"{name}"' for name in HEADER) + "\n").encode()


def _cell(name: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    if name in _TIMES:
        return utc_text(column)
    if name == "source_ip":
        return type_coerce(func.host(column), Text)
    if name in _SAFE:
        return column
    if name in _JSON:
        # It begins with a bracket or a brace. An empty one is an empty cell.
        return func.nullif(sql_cast(column, Text), "[]" if name == "targets" else "{}")
    return _harmless(column)


def _harmless(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the SQL of a text that a spreadsheet shows and never runs."""
    codes = [literal(ord(sign)) for sign in FORMULA]
    # The code of the first character is several times as quick to compare as a pattern.
    return case((func.ascii(text).in_(codes), func.concat("'", text, type_=Text)), else_=text)
