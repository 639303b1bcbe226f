"""An event as JSON, in the shape of its contract, written by the database itself.

The same text is what the API answers with and what an export holds a line of. It is filled into a
template because that is twice as fast as building JSON values; what has no value has no member,
as in the contract.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, Text, func, literal, type_coerce
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSON

_UTC_TEXT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


def utc_text(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the SQL of a time as RFC 3339 in UTC, always to the microsecond."""
    return func.to_char(func.timezone("UTC", moment), _UTC_TEXT, type_=Text)


def event_document(source: FromClause) -> ColumnElement[str]:
    """Return the SQL of an event as one line of JSON, from the log or its view.

    It begins with `id` and `occurred_at`. `received_at`, `received_from`, `leaf` and `retention`
    are what Ballast knows about the event beside what its sender said.
    """
    c = source.c
    members: list[tuple[str, ColumnElement[Any]]] = [
        ('{"id":"%s"', c.id),
        (',"occurred_at":"%s"', utc_text(c.occurred_at)),
        (',"actor":{"type":"%s"', c.actor_type),
        (',"id":%s', _string(c.actor_id)),
        (',"name":%s}', _string(c.actor_name)),
        (',"action":%s', _string(c.action)),
        (',"event_type_version":%s', c.event_type_version),
        (',"outcome":"%s"', c.outcome),
        (',"targets":%s', c.targets),
        (',"source":{%s}', _source(source)),
        ("%s", _optional("reason", c.reason)),
        (',"changes":%s', c.changes),
        (',"metadata":%s', c["metadata"]),
        (',"received_at":"%s"', utc_text(c.received_at)),
        ("%s", _optional("received_from", c.received_from)),
        (',"leaf":%s', c.leaf),
        (',"retention":"%s"}', c.retention),
    ]
    template = "".join(text for text, _value in members)
    return func.format(template, *(value for _text, value in members), type_=Text)


def _source(source: FromClause) -> ColumnElement[str]:
    """Return the members of where an event came from, without a comma before the first."""
    c = source.c
    pairs = (
        ("ip", type_coerce(func.host(c.source_ip), Text)),
        ("user_agent", c.user_agent),
        ("session", c.session),
        ("request_id", c.request_id),
    )
    members = func.format("%s%s%s%s", *(_optional(name, value) for name, value in pairs))
    return func.substr(members, 2, type_=Text)


def _optional(name: str, value: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a member with the comma before it; NULL, which is written as nothing, without one."""
    return literal(f',"{name}":', String).op("||", return_type=Text())(_string(value))


def _string(value: ColumnElement[Any]) -> ColumnElement[str]:
    return sql_cast(func.to_json(value, type_=JSON), Text)
