"""Sending what nobody should, and judging what was made of it."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from jsonschema import Draft202012Validator

from app.audit.contract.schema import EVENT_SCHEMA
from tests.fuzz.programs import Program

ANSWERS = frozenset({200, 201, 207, 400, 413, 415, 422})
_FRAME = Draft202012Validator(EVENT_SCHEMA)
# What a reader cannot see and a machine may obey.
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
# What turns text around, and the mark that begins files; other formatting may be seen.
_TURNING = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


class Door:
    """The door for events, and what has been found out about it."""

    def __init__(self, program: Program, counted: Counter[str]) -> None:
        self._program, self.counted = program, counted

    def try_events(self, events: list[Any]) -> Iterator[str]:
        """Send a batch; yield what is wrong with its answer."""
        # Half of a surrogate pair is legal JSON only where it is written out.
        answer = self._program.post(json.dumps(events).encode(), content_type="application/json")
        if answer.status_code not in (200, 207):
            # A number that no JSON has stops the whole body; anything else is told item by item.
            if answer.status_code != 400 or not events:
                self.counted[f"batch {answer.status_code}"] += 1
            if answer.status_code not in ANSWERS:
                yield f"{answer.status_code} for {_shown(events)}"
            if len(events) > 1:
                for event in events:
                    yield from self.try_events([event])
            return
        for event, result in zip(events, answer.get_json()["results"], strict=True):
            self.counted[result["status"]] += 1
            yield from self._judge(event, result)

    def try_body(self, body: bytes, headers: dict[str, str]) -> Iterator[str]:
        """Send bytes as they are."""
        answer = self._program.post(body, headers=headers)
        self.counted[f"body {answer.status_code}"] += 1
        if answer.status_code not in ANSWERS:
            yield f"{answer.status_code} for {body[:200]!r} {headers}: {answer.text[:300]}"
        elif answer.status_code >= 400 and answer.mimetype != "application/problem+json":
            yield f"{answer.mimetype} for {body[:200]!r} {headers}"
        if len(answer.data) > 20_000:
            yield f"{len(answer.data):,} bytes answer {body[:200]!r}"

    def _judge(self, event: Any, result: dict[str, Any]) -> Iterator[str]:
        fits = _FRAME.is_valid(event)
        if result["status"] == "rejected":
            if not result["errors"] or not all(error["detail"] for error in result["errors"]):
                yield f"refused without a word: {_shown(event)}"
            return
        if not fits:
            yield f"stored, though the schema refuses it: {_shown(event)}"
            return
        yield from self._read_back(event, result["id"])

    def _read_back(self, event: dict[str, Any], ident: str) -> Iterator[str]:
        answer = self._program.event(ident)
        if answer.status_code != 200:
            yield f"{answer.status_code} when read back: {_shown(event)}"
            return
        text = answer.get_data(as_text=True)
        found = json.loads(text)
        if _unseen(found):
            yield f"comes back with what cannot be seen: {_shown(event)}"
        if found["action"] != event["action"] or found["actor"]["type"] != event["actor"]["type"]:
            yield f"comes back as another: {_shown(event)}"
        if len(found["targets"]) != len(event.get("targets", ())):
            yield f"comes back with other targets: {_shown(event)}"
        metadata = event.get("metadata", {})
        if not _unseen(metadata) and not _same(found["metadata"], metadata):
            yield f"metadata comes back as {_shown(found['metadata'])}: {_shown(event)}"


def unique(event: Any) -> Any:
    """Return an event with an id of its own where it has one that may be another's."""
    return event | {"id": str(uuid4())} if isinstance(event, dict) and "id" in event else event


def _unseen(value: Any, seen: str = "\t\n") -> bool:
    """Say whether something in a value is not kept as it is; names have no breaks."""
    if isinstance(value, dict):
        return any(_unseen(name, "") for name in value) or any(map(_unseen, value.values()))
    if isinstance(value, list):
        return any(map(_unseen, value))
    return isinstance(value, str) and any(
        (unicodedata.category(c) in _UNSEEN and c not in seen) or c in _TURNING for c in value
    )


def _same(found: Any, sent: Any) -> bool:
    """Say whether two JSON values are the same to a reader who takes numbers for doubles."""
    if isinstance(sent, dict) and isinstance(found, dict):
        return sent.keys() == found.keys() and all(_same(found[key], sent[key]) for key in sent)
    if isinstance(sent, list) and isinstance(found, list):
        return len(sent) == len(found) and all(map(_same, found, sent))
    if isinstance(sent, int | float) and isinstance(found, int | float):
        return isinstance(sent, bool) == isinstance(found, bool) and float(sent) == float(found)
    return bool(sent == found)


def _shown(value: Any) -> str:
    return ascii(value)[:600]
