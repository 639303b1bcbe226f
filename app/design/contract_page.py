"""The page of one contract: what it promises, whom it rests on, and who rests on it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import url_for

from app.design.library import TOKEN, Library, Node, describe
from app.design.naming import KIND_WORDS, status_badge, title_of
from app.design.readme import read_blocks
from components.change.impact import PAGE, find_impact
from components.content import block_schema
from components.contract import Contract, Deprecation, Prop

Table = dict[str, Any]

PROP_COLUMNS = (
    {"key": "name", "label": "Prop", "type": "code"},
    {"key": "type", "label": "Type", "type": "code"},
    {"key": "default", "label": "Default", "type": "code"},
    {"key": "allowed", "label": "Allowed", "priority": "2"},
)


def contract_context(books: Library, contract: Contract, section: str) -> dict[str, Any]:
    """Return what the template takes, but the examples; `section` is where its kind is listed."""
    schema = schema_of(contract)
    return {
        "header": {
            "title": title_of(contract.id),
            "meta": f"{KIND_WORDS[contract.kind].capitalize()} · version {contract.version} · since"
            f" {contract.since} · kept by {contract.owner}",
            "badges": [status_badge(contract)],
            "crumbs": [
                {"label": "Design system", "href": url_for("design.index")},
                {"label": f"{KIND_WORDS[contract.kind].capitalize()}s", "href": section},
            ],
        },
        "summary": contract.summary,
        "on_this_page": _links(),
        "deprecated": deprecation_words(contract.deprecated) if contract.deprecated else None,
        "guidance": guidance(contract),
        "props": prop_table(contract),
        "promises": promises(contract),
        "has_classes": bool(contract.classes),
        "classes": [{"type": "paragraph", "spans": list(_coded(contract.classes))}],
        "accessibility": accessibility(contract),
        "used_by": used_by(books, contract) or [_nothing("Nothing in this app.")],
        "rests_on": rests_on(books, contract) or [_nothing("Nothing but itself.")],
        "schema": {"type": "code", "text": schema, "label": "JSON Schema"} if schema else None,
        "changes": changes(contract),
    }


def _links() -> dict[str, Any]:
    """Where to jump to; the page shows much."""
    places = {
        "Examples": "examples",
        "Code": "code",
        "When to use it": "guidance",
        "Props": "props",
        "Accessibility": "accessibility",
        "Used by": "used-by",
        "Changes": "changes",
    }
    spans: list[object] = ["On this page: "]
    for number, (words, anchor) in enumerate(places.items()):
        spans += [" · "] if number else []
        spans.append({"text": words, "href": f"#{anchor}"})
    return {"type": "paragraph", "muted": True, "spans": spans}


def deprecation_words(deprecated: Deprecation) -> str:
    """Return why something goes, when, and what to do instead."""
    return (
        f"Deprecated since {deprecated.since}, gone in {deprecated.remove_in}."
        f" {deprecated.reason.rstrip('.')}. {deprecated.mend}"
    )


def prop_table(contract: Contract) -> Table:
    """Return every prop, and the fields of those that hold objects, in the order of the file."""
    return {
        "caption": f"Props of {title_of(contract.id)}",
        "columns": [dict(one) for one in PROP_COLUMNS],
        "rows": list(_prop_rows(contract.props, "")),
        "empty": "It takes no props",
    }


def promises(contract: Contract) -> list[dict[str, Any]]:
    """Return the rest of the contract as facts: its call, slots, states and script."""
    budget = f"at most {contract.js_budget_gz:,} bytes, gzipped" if contract.js_budget_gz else None
    facts = (
        ("Call", f"ui.{contract.id}(…)"),
        ("Slots", _words(contract.slots)),
        ("States", _words(contract.states)),
        ("Script", budget or "none"),
        ("Status", f"{contract.status}, since {contract.since}"),
        ("Owner", contract.owner),
    )
    return [
        {"label": label, "code" if label == "Call" else "value": words} for label, words in facts
    ]


def accessibility(contract: Contract) -> list[dict[str, Any]]:
    """Return what the contract promises to people who use a keyboard or a screen reader."""
    blocks: list[dict[str, Any]] = [{"type": "list", "items": list(contract.a11y.criteria)}]
    if contract.a11y.keyboard:
        blocks.append({"type": "heading", "level": 3, "text": "Keyboard"})
        blocks.append({"type": "list", "items": list(contract.a11y.keyboard)})
    return blocks


def changes(contract: Contract) -> list[dict[str, Any]]:
    """Return the changelog, newest first."""
    return [{"label": version, "value": words} for version, words in contract.changelog.items()]


def guidance(contract: Contract) -> list[dict[str, Any]]:
    """Return the README beside the contract as blocks of text."""
    file = contract.folder / "README.md"
    return read_blocks(file.read_text("utf-8")) if file.exists() else []


def schema_of(contract: Contract) -> str | None:
    """Return the JSON Schema that stored content of a content block is checked with."""
    if contract.kind != "content_block":
        return None
    return json.dumps(block_schema(contract), indent=2, ensure_ascii=False)


def used_by(books: Library, contract: Contract) -> list[dict[str, Any]]:
    """Return the lists of those that use it, as blocks of text; last the pages it reaches."""
    blocks = _relations(describe(name) for name in books.dependents.get(contract.id, ()))
    if not blocks:
        return []
    reached = find_impact(books.dependents, contract.id)
    pages = [describe(name) for name in reached if name.startswith(PAGE)]
    words = f"Pages that show it, through all of these ({len(pages)})"
    blocks.append({"type": "heading", "level": 3, "text": words})
    blocks.append({"type": "paragraph", "spans": list(_linked(pages)) or ["None."]})
    return blocks


def rests_on(books: Library, contract: Contract) -> list[dict[str, Any]]:
    """Return the lists of what it uses, as blocks of text; the tokens last, as code."""
    names = books.uses.get(contract.id, ())
    blocks = _relations(describe(name) for name in names if not name.startswith(TOKEN))
    tokens = [describe(name) for name in names if name.startswith(TOKEN)]
    if tokens:
        blocks.append({"type": "heading", "level": 3, "text": f"Tokens ({len(tokens)})"})
        blocks.append({"type": "paragraph", "spans": list(_linked(tokens))})
    return blocks


def _relations(nodes: Iterable[Node]) -> list[dict[str, Any]]:
    by_kind: dict[str, list[Node]] = {}
    for node in nodes:
        by_kind.setdefault(node.kind, []).append(node)
    blocks: list[dict[str, Any]] = []
    for kind, members in by_kind.items():
        words = f"{kind.capitalize()}s ({len(members)})"
        blocks.append({"type": "heading", "level": 3, "text": words})
        blocks.append({"type": "paragraph", "spans": list(_linked(members))})
    return blocks


def _linked(nodes: Sequence[Node]) -> Iterator[str | dict[str, Any]]:
    """Names with commas between; a link where there is a page, else code."""
    for number, node in enumerate(nodes):
        if number:
            yield ", "
        yield {"text": node.title, "href": node.href} if node.href else _code(node.title)


def _nothing(words: str) -> dict[str, Any]:
    return {"type": "paragraph", "muted": True, "text": words}


def _coded(names: Iterable[str]) -> Iterator[str | dict[str, Any]]:
    for number, name in enumerate(names):
        if number:
            yield " "
        yield _code(name)


def _code(text: str) -> dict[str, Any]:
    return {"text": text, "code": True}


def _prop_rows(props: Iterable[Prop], above: str) -> Iterator[dict[str, Any]]:
    for prop in props:
        name = f"{above}{prop.name}"
        yield {
            "id": name,
            "cells": {
                "name": {"text": name, "sub": _note(prop)},
                "type": _type_words(prop),
                "default": "required" if prop.required else _default(prop),
                "allowed": _allowed(prop),
            },
        }
        inner = f"{name}[]." if prop.type == "list" else f"{name}."
        yield from _prop_rows(prop.fields, inner)


def _type_words(prop: Prop) -> str:
    if prop.of:
        return f"{prop.type.replace('_', ' ')} of {prop.of}"
    return f"{prop.type} of objects" if prop.type == "list" and prop.fields else prop.type


def _default(prop: Prop) -> str | None:
    return None if prop.default is None else json.dumps(prop.default, ensure_ascii=False)


def _allowed(prop: Prop) -> str | None:
    if prop.values:
        return _words(prop.values)
    return f"at most {prop.max_len:,} characters" if prop.max_len else None


def _note(prop: Prop) -> str | None:
    notes = [prop.note[:1].upper() + prop.note[1:]] if prop.note else []
    if prop.deprecated:
        notes.append(deprecation_words(prop.deprecated))
    return ". ".join(notes) or None


def _words(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
