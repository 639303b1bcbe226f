"""Whom and what a text names: the actors, targets and addresses of a slice that occur in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    String,
    Text,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from app.audit.models import AuditEvent
from app.audit.queries import LogSlice, within
from app.kernel.database import current_session

# A text that names more of them than this is no question about somebody.
MAX_NAMED = 20
# So short a name is part of ordinary words.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class NamedParty:
    """Somebody or something that a text names; `kind` is `actor`, `target` or `address`."""

    kind: str
    id: str
    name: str


def list_named(slice_: LogSlice, text: str, words: Sequence[str]) -> tuple[NamedParty, ...]:
    """Return whom and what the text names by id, by name, or an actor by one of `words`.

    Words are in lower case. Actors are found whatever the case, targets as they are written. Of
    more than `MAX_NAMED`, those whose whole name or id occurs come first, long ones before short:
    whoever shares a word with somebody must not push them out.
    """
    return (
        *_found("actor", *_actors(slice_, text.lower(), words)),
        *_found("target", _targets(slice_, text), true()),
        *_found("address", _addresses(slice_, words), true()),
    )


def _found(
    kind: str, statement: Select[str, str], is_whole: ColumnElement[bool]
) -> list[NamedParty]:
    ident, name = statement.selected_columns
    ranked = (
        statement.group_by(ident, name)
        .order_by(func.bool_or(is_whole).desc(), func.length(name).desc(), ident)
        .limit(MAX_NAMED)
    )
    rows = current_session().execute(ranked).all()
    return [NamedParty(kind, ident, name) for ident, name in rows]


def _actors(
    slice_: LogSlice, text: str, words: Sequence[str]
) -> tuple[Select[str, str], ColumnElement[bool]]:
    """Return the actors, and the SQL of whether their whole name or id occurs."""
    name = func.lower(AuditEvent.actor_name)
    known = cast(literal(list(words), ARRAY(Text)), ARRAY(Text))
    by_word = func.string_to_array(name, " ").op("&&")(known)
    is_whole = or_(_occurs(name, text), _occurs(func.lower(AuditEvent.actor_id), text))
    found = select(AuditEvent.actor_id, AuditEvent.actor_name)
    return found.where(*within(slice_), or_(is_whole, by_word)), is_whole


def _targets(slice_: LogSlice, text: str) -> Select[str, str]:
    name: ColumnElement[Any] = AuditEvent.target_name.expression
    ident: ColumnElement[Any] = AuditEvent.target_id.expression
    return select(cast(ident, String).label("id"), cast(name, String).label("name")).where(
        *within(slice_), or_(_occurs(name, text), _occurs(ident, text))
    )


def _addresses(slice_: LogSlice, words: Sequence[str]) -> Select[str, str]:
    address = func.host(AuditEvent.source_ip)
    return select(address.label("id"), address.label("name")).where(
        *within(slice_), address.in_(words)
    )


def _occurs(name: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return (func.length(name) >= _SHORTEST) & (func.strpos(text, name) > 0)
