"""Which groups of fields may leave for an endpoint, and taking out of a call what may not.

The content of a call is JSON whose keys say what their values are. A group that is withheld is
null wherever its keys stand, and the schema of the answer, which is sent too, then allows nothing
but null for it. An object that lost a value describes its events no longer exactly, and says so
where it has an `exact`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.gateway.redaction import MASK, TokenKind

JSON = Any


class FieldGroup(StrEnum):
    """What a tenant may keep from leaving. Stored and shown, so never renamed."""

    ACTORS = "actors"
    ACTIONS = "actions"
    TARGETS = "targets"
    ADDRESSES = "addresses"
    OUTCOMES = "outcomes"
    TIMES = "times"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def meaning(self) -> str:
        """Say what leaves when this group may."""
        return _MEANINGS[self]


_MEANINGS = {
    FieldGroup.ACTORS: "Tokens in place of who acted (A1, A2): which events have the same actor",
    FieldGroup.ACTIONS: "Names of actions, such as session.started",
    FieldGroup.TARGETS: "Tokens in place of what was acted on (R1, R2)",
    FieldGroup.ADDRESSES: "Tokens in place of network addresses (I1, I2)",
    FieldGroup.OUTCOMES: "Whether actions succeeded, failed or were denied, and how many did",
    FieldGroup.TIMES: "When groups of events began and ended, and the window of the slice",
}

# The filter of a slice names actions and outcomes, and its words may tell times.
_FILTER = "query"
_KEYS: Mapping[FieldGroup, frozenset[str]] = {
    FieldGroup.ACTORS: frozenset({"actor"}),
    FieldGroup.ACTIONS: frozenset({"action", _FILTER}),
    FieldGroup.TARGETS: frozenset({"target"}),
    FieldGroup.ADDRESSES: frozenset({"ip"}),
    # Why a group was picked says that its events failed, where they did.
    FieldGroup.OUTCOMES: frozenset({"outcome", "failed", "denied", "why", _FILTER}),
    FieldGroup.TIMES: frozenset({"first", "last", "window", "start", "end", _FILTER}),
}
_EXACT = "exact"
# What a person typed, in which tokens stand in place of names.
_TYPED = "focus"
_KINDS = {
    FieldGroup.ACTORS: TokenKind.ACTOR,
    FieldGroup.TARGETS: TokenKind.RESOURCE,
    FieldGroup.ADDRESSES: TokenKind.ADDRESS,
}
_GONE = "…"
_TOKEN = re.compile(rf"[{''.join(kind.value for kind in TokenKind)}][1-9][0-9]*", re.ASCII)
_TOKEN_WORDS = {
    TokenKind.ACTOR.value: "actors",
    TokenKind.RESOURCE.value: "targets",
    TokenKind.ADDRESS.value: "addresses",
    TokenKind.EVENT.value: "events",
    TokenKind.GROUP.value: "groups",
}


def keys_of(groups: frozenset[FieldGroup]) -> frozenset[str]:
    """Return the keys whose values are withheld with these groups."""
    return frozenset().union(*(_KEYS[group] for group in groups))


def without(content: JSON, groups: frozenset[FieldGroup]) -> JSON:
    """Return the content of a call without what may not leave.

    A question that a person typed leaves as it is, but for tokens that may not.
    """
    keys = keys_of(groups)
    if not keys:
        return content
    kept = _without(content, keys)
    if isinstance(kept, dict) and isinstance(kept.get(_TYPED), str):
        kept[_TYPED] = _without_tokens(kept[_TYPED], groups)
    return kept


def narrowed(schema: JSON, groups: frozenset[FieldGroup]) -> JSON:
    """Return the schema of an answer that can name nothing of what may not leave."""
    keys = keys_of(groups)
    return _narrowed(schema, keys) if keys else schema


def count_redactions(content: JSON) -> dict[str, int]:
    """Return how many different tokens stand in the content, by kind, and how many masks."""
    strings = list(_strings(content))
    tokens = {text for text in strings if _TOKEN.fullmatch(text)}
    found = Counter(_TOKEN_WORDS[token[0]] for token in tokens)
    found["secrets"] = sum(text.count(MASK) for text in strings)
    return {kind: count for kind, count in sorted(found.items()) if count}


def _without(value: JSON, keys: frozenset[str]) -> JSON:
    if isinstance(value, list):
        # What held nothing but withheld values says nothing any more.
        return [_without(one, keys) for one in value if not _is_all(one, keys)]
    if not isinstance(value, dict):
        return value
    kept = {name: None if name in keys else _without(inner, keys) for name, inner in value.items()}
    loses = any(value[name] is not None for name in keys & value.keys())
    return {**kept, _EXACT: False} if loses and _EXACT in kept else kept


def _without_tokens(text: str, groups: frozenset[FieldGroup]) -> str:
    letters = "".join(kind.value for group, kind in _KINDS.items() if group in groups)
    return re.sub(rf"\b[{letters}][1-9][0-9]*\b", _GONE, text) if letters else text


def _is_all(value: JSON, keys: frozenset[str]) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= keys


def _narrowed(schema: JSON, keys: frozenset[str]) -> JSON:
    if isinstance(schema, list):
        return [_narrowed(one, keys) for one in schema]
    if not isinstance(schema, dict):
        return schema
    properties = schema.get("properties")
    narrow = {name: _narrowed(inner, keys) for name, inner in schema.items()}
    if isinstance(properties, dict):
        narrow["properties"] = {
            name: _nothing() if name in keys else _narrowed(inner, keys)
            for name, inner in properties.items()
        }
    return narrow


def _nothing() -> dict[str, JSON]:
    # In the form of the other fields, which is what endpoints are known to enforce.
    return {"type": ["string", "null"], "enum": [None]}


def _strings(value: JSON) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _strings(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _strings(inner)]
    return []
