"""Where a field comes from, as people write it: `user.email, user.name`, `'import' + action`.

Fields of the record stand as they are, or in backticks when their names have commas or plus
signs; a text in quotes is the same for every record. A comma parts alternatives, of which the
first that is not empty counts; a plus joins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.audit.importers.fields import Raw, at, words

MAX_SOURCES = 500

_PART = re.compile(
    r"\s*(?:'(?P<constant>[^']*)'|`(?P<quoted>[^`]+)`|(?P<bare>[^,+'`]+?))\s*(?=[,+]|$)"
)
_PLAIN = re.compile(r"[^,+'`\s](?:[^,+'`]*[^,+'`\s])?")


class SourcesUnreadable(Exception):
    """What was written is no list of sources; `detail` says where it ends to be one."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the record by its dotted path, or a text that is always the same."""

    path: str | None = None
    constant: str = ""

    def __str__(self) -> str:
        if self.path is None:
            return f"'{self.constant}'"
        return self.path if _PLAIN.fullmatch(self.path) else f"`{self.path}`"


Alternative = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The alternatives for one field, in their order."""

    alternatives: tuple[Alternative, ...] = ()

    def __str__(self) -> str:
        return ", ".join(" + ".join(map(str, joined)) for joined in self.alternatives)

    @property
    def paths(self) -> list[str]:
        """Every field of the record that is named."""
        return [part.path for joined in self.alternatives for part in joined if part.path]

    def parts_of(self, record: Raw) -> list[str]:
        """Return the parts of the first alternative that the record has, as text; else none."""
        for joined in self.alternatives:
            found = list(_found(joined, record))
            if found:
                return found
        return []

    def value_of(self, record: Raw) -> object:
        """Return the first value that the record has, as it is where nothing is joined to it."""
        for joined in self.alternatives:
            if len(joined) == 1 and joined[0].path is not None:
                value = at(record, joined[0].path)
                if value not in (None, "", [], {}):
                    return value
            elif found := list(_found(joined, record)):
                return " ".join(found)
        return None


def read_sources(written: str) -> Sources:
    """Return the sources that somebody wrote; raises `SourcesUnreadable`."""
    if len(written) > MAX_SOURCES:
        raise SourcesUnreadable(f"This may be {MAX_SOURCES} characters long.")
    alternatives: list[Alternative] = []
    joined: list[Part] = []
    place = 0
    text = written.strip()
    while place < len(text):
        found = _PART.match(text, place)
        if found is None:
            raise SourcesUnreadable(
                f"This cannot be read from “{text[place : place + 20]}” on. Write fields of the"
                " record, parted by commas; a fixed text stands in 'quotes'."
            )
        path = found["quoted"] or found["bare"]
        joined.append(Part(path, found["constant"] or ""))
        place = found.end()
        if text[place : place + 1] != "+":
            alternatives.append(tuple(joined))
            joined = []
        place += 1
    if joined or text.endswith(","):
        raise SourcesUnreadable("Something is missing at the end.")
    return Sources(tuple(alternatives))


def _found(joined: Alternative, record: Raw) -> Iterator[str]:
    """Yield the texts of joined parts; none where only the constants among fields are there."""
    texts = [
        part.constant if part.path is None else words(at(record, part.path)) for part in joined
    ]
    is_there = any(text for part, text in zip(joined, texts, strict=True) if part.path is not None)
    if is_there or all(part.path is None for part in joined):
        yield from (text for text in texts if text)
