"""What the gallery calls things, and where they stand in addresses."""

import re
from collections.abc import Sequence
from typing import Final

from components.contract import Contract

KIND_WORDS: Final = {
    "component": "component",
    "pattern": "pattern",
    "content_block": "content block",
}
KIND_MEANINGS: Final = {
    "component": "The smallest parts, and the only ones that write HTML and have a look.",
    "pattern": "Whole pages made of components; each page of the app is one of them.",
    "content_block": "What people write is stored as these, and never as HTML.",
}
STATUS_TONES: Final = {
    "experimental": "info",
    "beta": "info",
    "stable": "success",
    "deprecated": "warning",
    "removed": "danger",
}
_ABBREVIATIONS: Final = {"ai": "AI"}


def title_of(name: str) -> str:
    """Return a contract's name as words: `data_table` is the data table."""
    first, *rest = (_ABBREVIATIONS.get(word, word) for word in name.split("_"))
    return " ".join([first[:1].upper() + first[1:], *rest])


def slug_of(name: str) -> str:
    """Return a name as it stands in an address; names of one list must stay different."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def group_of(path: str) -> str:
    """Return the group of a token: `color bg` of `color.bg.canvas`, `space` of `space.1`."""
    first, second, *_ = [*path.split("."), ""]
    return f"{first} {second}" if first == "color" else first


def list_briefly(names: Sequence[str], shown: int = 3) -> str:
    """Return as many names as are read at a glance, and how many more there are."""
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")


def status_badge(contract: Contract) -> dict[str, str]:
    """Return the status as a badge; its tone only repeats the word."""
    return {"text": contract.status, "tone": STATUS_TONES[contract.status]}
