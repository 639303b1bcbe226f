"""Finding the list of records that a JSON document is, or wraps into an object."""

import json
import re
from collections.abc import Iterator

# Lists of records that vendors wrap into an object, by the name of the list.
LISTS = frozenset(
    ("records", "items", "entries", "events", "logs", "activities", "value", "results", "data")
)
# What stands beside such a list: words about the page of the answer, never about one record.
PAGING = frozenset(
    (
        "kind",
        "etag",
        "nextpagetoken",
        "cursor",
        "has_more",
        "ok",
        "start",
        "limit",
        "length",
        "total",
        "total_count",
        "count",
        "page",
        "per_page",
        "response_metadata",
        "next",
        "next_cursor",
        "@odata.context",
        "@odata.nextlink",
    )
)
_OPENING = re.compile(r"\s*\[")
_SPACE = re.compile(r"\s*")
_DECODER = json.JSONDecoder()


def find_list(text: str) -> int | None:
    """Return where the first record begins in a text that begins with a list of records.

    The text is such a list, or an object that holds one beside words about paging only; None for
    anything else, such as a record that has a list of its own.
    """
    start = _skip(text, 0)
    if text[start : start + 1] == "[":
        return start + 1
    return _wrapped_list(text, start + 1) if text[start : start + 1] == "{" else None


def _wrapped_list(text: str, at: int) -> int | None:
    """Return where the list of records begins within an object, or None."""
    for name, value_at in _members(text, at):
        if name.lower() in LISTS:
            opening = _OPENING.match(text, value_at)
            if opening and _begins_objects(text, opening.end()):
                return opening.end()
        if name.lower() not in PAGING:
            return None
    return None


def _members(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the names of an object's members and where the value of each begins."""
    while True:
        try:
            name, at = _DECODER.raw_decode(text, _skip(text, at))
            at = _skip(text, at)
            if not isinstance(name, str) or text[at : at + 1] != ":":
                return
            at = _skip(text, at + 1)
            yield name, at
            _, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        at = _skip(text, at)
        if text[at : at + 1] != ",":
            return
        at += 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _begins_objects(text: str, at: int) -> bool:
    return text[_skip(text, at) :][:1] in ("{", "]", "")
