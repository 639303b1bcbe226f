"""The lists of contracts: all of them, or those of one kind."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.design.library import Library, describe
from app.design.naming import (
    KIND_MEANINGS,
    KIND_WORDS,
    list_briefly,
    slug_of,
    status_badge,
    title_of,
)
from components.contract import Contract
from components.structure import CAPS
from components.tokens.read import TOKEN_CAP

COLUMNS = (
    {"key": "name", "label": "Name"},
    {"key": "version", "label": "Version", "type": "num"},
    {"key": "status", "label": "Status", "type": "badge"},
    {"key": "owner", "label": "Owner", "priority": "3"},
    {"key": "examples", "label": "Examples", "type": "num", "priority": "3"},
    {"key": "users", "label": "Used by", "priority": "2"},
)


def contract_lists(books: Library, kinds: Iterable[str]) -> list[dict[str, Any]]:
    """Return for each kind its title and the table of its contracts, by name."""
    return [
        {
            "title": f"{KIND_WORDS[kind].capitalize()}s",
            "id": slug_of(f"{kind}s"),
            "meta": KIND_MEANINGS[kind],
            "columns": list(COLUMNS),
            "rows": [_row(books, contract) for contract in books.registry.of_kind(kind)],
        }
        for kind in kinds
    ]


def counts(books: Library) -> list[dict[str, Any]]:
    """Return how much there is of everything, each beside its cap."""
    registry = books.registry
    words = (
        ("component", "Components", "design.components"),
        ("pattern", "Patterns", "design.patterns"),
        ("content_block", "Content blocks", "design.content_blocks"),
    )
    cards = [
        _card(label, len(registry.of_kind(kind)), endpoint, f"of at most {CAPS[kind]}")
        for kind, label, endpoint in words
    ]
    examples = sum(len(contract.examples) for contract in registry)
    return [
        *cards,
        _card("Tokens", len(books.tokens), "design.tokens", f"of at most {TOKEN_CAP}"),
        _card("Edges", sum(1 for _ in books.edges()), "design.graph", "who uses what"),
        {"label": "Examples", "value": examples, "hint": "each in two themes"},
    ]


def _card(label: str, value: int, endpoint: str, hint: str) -> dict[str, Any]:
    return {"label": label, "value": value, "href": url_for(endpoint), "hint": hint}


def _row(books: Library, contract: Contract) -> dict[str, Any]:
    return {
        "id": slug_of(contract.id),
        "href": url_for("design.contract", name=slug_of(contract.id)),
        "cells": {
            "name": {"text": title_of(contract.id), "sub": contract.summary},
            "version": contract.version,
            "status": status_badge(contract),
            # A hyphen that does not end its line.
            "owner": contract.owner.replace("-", "\u2011"),
            "examples": len(contract.examples),
            "users": _users(books, contract),
        },
    }


def _users(books: Library, contract: Contract) -> dict[str, str] | None:
    names = [describe(name).title for name in books.dependents.get(contract.id, ())]
    return {"text": str(len(names)), "sub": list_briefly(names)} if names else None
