"""Reads a README into typed blocks: a small part of Markdown, and never HTML.

It knows headings, paragraphs, lists, steps, fenced code, and within a line code, strong words and
links. Whatever else stands there is shown as the words it is.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from components.props import SAFE_URL_STARTS

Block = dict[str, Any]

_SPAN: Final = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^(#{2,4})\s+(.*)$")
_ITEM: Final = re.compile(r"^[-*]\s+")
_STEP: Final = re.compile(r"^\d+\.\s+")
_FENCE: Final = "```"


def read_blocks(text: str) -> list[Block]:
    """Return the text as blocks of `ui.text`; the first heading is the page's own and left out."""
    waiting = [line for line in text.splitlines() if not line.startswith("# ")]
    blocks: list[Block] = []
    while waiting:
        line = waiting.pop(0)
        if line.startswith(_FENCE):
            blocks.append({"type": "code", "text": "\n".join(_take_fenced(waiting))})
        elif heading := _HEADING.match(line):
            level = min(len(heading[1]) + 1, 4)
            blocks.append({"type": "heading", "level": level, "text": heading[2]})
        elif _ITEM.match(line):
            blocks.append(_list("list", _ITEM, [line, *_take(waiting, _goes_on(_ITEM))]))
        elif _STEP.match(line):
            blocks.append(_list("steps", _STEP, [line, *_take(waiting, _goes_on(_STEP))]))
        elif line.strip():
            lines = [line, *_take(waiting, _is_plain)]
            blocks.append({"type": "paragraph", "spans": read_spans(" ".join(lines))})
    return blocks


def read_spans(text: str) -> list[str | Block]:
    """Return a line as spans: words, code, strong words, links."""
    spans: list[str | Block] = []
    at = 0
    for match in _SPAN.finditer(text):
        if match.start() > at:
            spans.append(text[at : match.start()])
        spans.append(_span(match))
        at = match.end()
    if at < len(text):
        spans.append(text[at:])
    return spans


def _span(match: re.Match[str]) -> Block:
    code, strong, words, address = match.groups()
    if code:
        return {"text": code, "code": True}
    if strong:
        return {"text": strong, "strong": True}
    # An address that leads nowhere from here (a file of the repository) stays in words.
    if address.startswith(SAFE_URL_STARTS) and not address.startswith("."):
        return {"text": words, "href": address}
    return {"text": f"{words} ({address})"}


def _list(kind: str, mark: re.Pattern[str], lines: list[str]) -> Block:
    items: list[str] = []
    for line in lines:
        if mark.match(line):
            items.append(mark.sub("", line))
        else:
            items[-1] += f" {line.strip()}"
    return {"type": kind, "items": [{"spans": read_spans(item)} for item in items]}


def _take(waiting: list[str], belongs: Callable[[str], bool]) -> list[str]:
    taken = []
    while waiting and belongs(waiting[0]):
        taken.append(waiting.pop(0))
    return taken


def _take_fenced(waiting: list[str]) -> list[str]:
    taken = _take(waiting, lambda line: not line.startswith(_FENCE))
    if waiting:
        waiting.pop(0)
    return taken


def _goes_on(mark: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda line: bool(mark.match(line)) or line.startswith("  ")


def _is_plain(line: str) -> bool:
    marks = (_HEADING, _ITEM, _STEP)
    return (
        bool(line.strip())
        and not line.startswith(_FENCE)
        and not any(mark.match(line) for mark in marks)
    )
