"""The edges of the graph in words: the text alternative of its picture."""

from collections.abc import Iterable
from typing import Any

from app.design.library import TOKEN, Library, Node, describe

COLUMNS = (
    {"key": "name", "label": "Name", "type": "code"},
    {"key": "uses", "label": "Uses"},
    {"key": "tokens", "label": "Tokens", "type": "num", "priority": "2"},
    {"key": "users", "label": "Used by", "priority": "2"},
)
_KINDS = ("component", "pattern", "content block", "page template", "page")


def relation_lists(books: Library) -> list[dict[str, Any]]:
    """Return for each kind of node, lowest layer first, its title and a table of its edges."""
    named = {*books.dependents, *books.uses}
    nodes = [describe(name) for name in sorted(named) if not name.startswith(TOKEN)]
    return [
        {
            "title": f"{kind.capitalize()}s",
            "columns": list(COLUMNS),
            "rows": [_row(books, node) for node in nodes if node.kind == kind],
        }
        for kind in _KINDS
    ]


def _row(books: Library, node: Node) -> dict[str, Any]:
    uses = books.uses.get(node.name, ())
    name = node.title if node.kind.startswith("page") else node.name
    return {
        "id": node.name,
        "cells": {
            "name": {"text": name, "href": node.href} if node.href else name,
            "uses": _titles(uses),
            "tokens": sum(used.startswith(TOKEN) for used in uses) or None,
            "users": _titles(books.dependents.get(node.name, ())),
        },
    }


def _titles(names: Iterable[str]) -> str | None:
    return ", ".join(describe(name).title for name in names if not name.startswith(TOKEN)) or None
