"""The tokens as tables: what each is worth in both themes, whom it serves, and who uses it."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from app.design.library import Library, describe
from app.design.naming import group_of, list_briefly, slug_of
from app.design.token_pictures import PICTURES, size_of
from components.tokens.describe import PairFacts, TokenFacts
from components.tokens.read import to_css_name

_NAME = {"key": "name", "label": "Token", "type": "code"}
_SCOPES = {"key": "scopes", "label": "May serve", "priority": "3"}
_USERS = {"key": "users", "label": "Used by", "priority": "2"}
_COLOUR_COLUMNS = (
    _NAME,
    {"key": "value", "label": "Light and dark", "type": "swatch"},
    {"key": "lowest", "label": "Lowest contrast", "type": "num", "priority": "2"},
    _SCOPES,
    _USERS,
)
_PLAIN_COLUMNS = (_NAME, {"key": "value", "label": "Value", "type": "code"}, _SCOPES, _USERS)
_CONTRAST_COLUMNS = (
    {"key": "pair", "label": "Colour and its ground", "type": "code"},
    {"key": "minimum", "label": "At least", "type": "num"},
    {"key": "light", "label": "Light", "type": "num"},
    {"key": "dark", "label": "Dark", "type": "num"},
    {"key": "kept", "label": "Kept", "type": "badge"},
    {"key": "light_lc", "label": "Lc light", "type": "num", "priority": "2"},
    {"key": "dark_lc", "label": "Lc dark", "type": "num", "priority": "2"},
)


_TITLES = {
    "color bg": "Colour: grounds",
    "color fg": "Colour: text",
    "color border": "Colour: borders",
    "color focus": "Colour: focus",
    "color accent": "Colour: accent",
    "color status": "Colour: status",
    "color data": "Colour: data",
    "font": "Type",
}


def token_groups(books: Library, facts: Sequence[TokenFacts]) -> list[dict[str, Any]]:
    """Return the groups in the order of the token file: title, anchor, picture and table."""
    groups: dict[str, list[TokenFacts]] = {}
    for token in facts:
        groups.setdefault(group_of(token.path), []).append(token)
    return [
        {
            "title": _TITLES.get(name, name.replace("-", " ").capitalize()),
            "id": slug_of(name),
            "picture": _picture(books, name),
            **_table(members),
        }
        for name, members in groups.items()
    ]


def contrast_table(facts: Sequence[TokenFacts]) -> dict[str, Any]:
    """Return every promised pair of colours with its measured contrast in both themes."""
    return {
        "title": "Contrast",
        "id": "contrast",
        "meta": "The ratio is WCAG 2.2’s and decides: 4.5 for text, 3 for edges and marks. Lc is"
        " APCA’s and only reports.",
        "columns": list(_CONTRAST_COLUMNS),
        "rows": [_contrast_row(pair) for token in facts for pair in token.promises],
    }


def _table(members: list[TokenFacts]) -> dict[str, Any]:
    """The rows of a group; what all its members may serve is said once, above them."""
    columns = list(_COLOUR_COLUMNS if members[0].type == "color" else _PLAIN_COLUMNS)
    meta = f"{len(members)} tokens" if len(members) > 1 else "1 token"
    if len({token.scopes for token in members}) == 1:
        columns.remove(_SCOPES)
        meta += f", for {', '.join(members[0].scopes)}"
    return {"meta": meta, "columns": columns, "rows": [_row(token) for token in members]}


def _picture(books: Library, group: str) -> dict[str, Any] | None:
    if group not in PICTURES:
        return None
    width, height = size_of(books, group)
    return {
        "title": f"{group.replace('-', ' ').capitalize()}, drawn",
        "alt": f"What the {group} tokens look like; the table below has their values",
        "src": url_for("design.token_picture", group=group, theme="light"),
        "src_dark": url_for("design.token_picture", group=group, theme="dark"),
        "width": width,
        "height": height,
    }


def _row(token: TokenFacts) -> dict[str, Any]:
    names = [describe(name).title for name in token.used_by]
    return {
        "id": slug_of(token.path),
        "cells": {
            "name": {"text": token.css_name, "sub": _meaning(token)},
            "value": _value(token),
            "lowest": _lowest(token),
            "scopes": ", ".join(token.scopes),
            "users": {"text": str(len(names)), "sub": list_briefly(names)} if names else None,
        },
    }


def _meaning(token: TokenFacts) -> str:
    words = [token.description]
    if token.alias:
        words.append(f"The same as {to_css_name(token.alias)}.")
    if token.decorative:
        words.append(f"Keeps no contrast: {token.decorative.rstrip('.')}.")
    if token.deprecated:
        words.append(f"Gone in {token.deprecated.remove_in}. {token.deprecated.mend}")
    return " ".join(words)


def _value(token: TokenFacts) -> object:
    if token.type == "color":
        return {"light": token.light, "dark": token.dark}
    return {"text": token.light, "sub": f"dark: {token.dark}"} if token.changes else token.light


def _lowest(token: TokenFacts) -> str | None:
    """The lowest contrast that a colour keeps on any ground, in any theme."""
    measured = [one.ratio for pair in token.promises for one in (pair.light, pair.dark)]
    return f"{min(measured):.2f}" if measured else None


def _signed(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")


def _contrast_row(pair: PairFacts) -> dict[str, Any]:
    front, ground = to_css_name(pair.foreground), to_css_name(pair.background)
    kept = {"text": "kept", "tone": "success"}
    return {
        "id": slug_of(f"{front} on {ground}"),
        "cells": {
            "pair": {"text": front, "sub": f"on {ground}"},
            "minimum": f"{pair.minimum:g}",
            "light": f"{pair.light.ratio:.2f}",
            "dark": f"{pair.dark.ratio:.2f}",
            "kept": kept if pair.kept else {"text": "missed", "tone": "danger"},
            "light_lc": _signed(pair.light.lightness_contrast),
            "dark_lc": _signed(pair.dark.lightness_contrast),
        },
    }
