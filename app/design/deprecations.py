"""What is on its way out: since when, until when, what to do instead, and who still needs it."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import url_for

from app.design.library import Library, describe
from app.design.naming import slug_of
from components.contract import Contract, Deprecation, Prop
from components.tokens.read import Deprecation as TokenDeprecation

COLUMNS = (
    {"key": "name", "label": "What", "type": "code"},
    {"key": "since", "label": "Since", "type": "num"},
    {"key": "remove_in", "label": "Gone in", "type": "num"},
    {"key": "instead", "label": "Instead"},
    {"key": "users", "label": "Still used by", "priority": "2"},
)

NONE_DEPRECATED = {
    "kind": "empty",
    "title": "Nothing is deprecated",
    "body": "Whatever is to go is announced here first, with the release in which it is gone and"
    " what to use instead.",
}


def deprecation_table(books: Library) -> dict[str, Any]:
    """Return everything deprecated, contracts and their parts first, then tokens."""
    rows = [
        row
        for contract in books.registry
        for row in _rows_of(contract, _names(books.dependents.get(contract.id, ())))
    ]
    for token in books.tokens.values():
        if token.deprecated is not None:
            users = _names(books.dependents.get(token.css_name, ()))
            href = describe(token.css_name).href
            rows.append(_row(token.css_name, token.deprecated, users, href))
    return {"columns": [dict(one) for one in COLUMNS], "rows": rows}


def _rows_of(contract: Contract, users: str) -> Iterator[dict[str, Any]]:
    href = url_for("design.contract", name=slug_of(contract.id))
    if contract.deprecated is not None:
        yield _row(contract.id, contract.deprecated, users, href)
    # Who uses a prop is known to the check of templates; here stand all who might.
    for name, deprecated in _deprecated_props(contract.props, f"{contract.id}."):
        yield _row(name, deprecated, users, href)


def _deprecated_props(props: Iterable[Prop], above: str) -> Iterator[tuple[str, Deprecation]]:
    for prop in props:
        name = f"{above}{prop.name}"
        if prop.deprecated is not None:
            yield name, prop.deprecated
        for value, deprecated in prop.retiring.items():
            yield f"{name}={value}", deprecated
        yield from _deprecated_props(prop.fields, f"{name}.")


def _row(
    name: str, deprecated: Deprecation | TokenDeprecation, users: str, href: str
) -> dict[str, Any]:
    reason = deprecated.reason if isinstance(deprecated, Deprecation) else None
    return {
        "id": slug_of(name),
        "href": href,
        "cells": {
            "name": name,
            "since": deprecated.since or None,
            "remove_in": deprecated.remove_in,
            "instead": {"text": deprecated.mend, "sub": reason},
            "users": users or "nobody",
        },
    }


def _names(users: Iterable[str]) -> str:
    return ", ".join(describe(user).title for user in users)
