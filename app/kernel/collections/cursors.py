"""Cursors: signed, and bound to the list and the query that they were made for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.kernel.collections.declaration import Collection
from app.kernel.query_language.query import Query


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: what lies after `key` in the list's order, or before it."""

    forward: bool
    key: tuple[Any, ...]


def write_cursor(
    collection: Collection[Any], query: Query, cursor: Cursor, *, turned: bool = False
) -> str:
    """Return the cursor as text for an address."""
    payload = [int(cursor.forward), *(_write(value) for value in cursor.key)]
    return str(_serializer(collection, query, turned=turned).dumps(payload))


def read_cursor(
    collection: Collection[Any], query: Query, text: str, *, turned: bool = False
) -> Cursor | None:
    """Return the cursor of an address, or None when it was forged or made for another list."""
    try:
        direction, *values = _serializer(collection, query, turned=turned).loads(text)
        kinds = [column.type.python_type for column in collection.order]
        key = tuple(_read(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (BadSignature, ValueError, TypeError):
        return None
    return Cursor(bool(direction), key)


def _serializer(collection: Collection[Any], query: Query, *, turned: bool) -> URLSafeSerializer:
    order = "turned:" if turned else ""
    digest = hashlib.sha256(query.canonical().encode()).hexdigest()
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"], salt=f"cursor:{collection.name}:{order}{digest}"
    )


def _write(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(value: str, kind: type) -> object:
    if kind is datetime:
        return datetime.fromisoformat(value)
    return UUID(value) if kind is UUID else kind(value)
