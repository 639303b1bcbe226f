"""How the records lie in a file, told from its beginning."""

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from app.audit.importers.reading.lists import find_list
from app.audit.importers.reading.tables import (
    DELIMITERS,
    find_delimiter,
    is_header,
    name_columns,
)
from app.audit.importers.reading.transcoding import (
    ENCODINGS,
    UTF_8,
    WINDOWS_1252,
    as_utf8,
    detect_encoding,
    text_of,
)

HEAD = 64 * 1024

_TRIED_LINES = 5


class Kind(StrEnum):
    """How the records lie in a file."""

    LINES = "lines"
    LIST = "list"
    VALUES = "values"
    TABLE = "table"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def unit(self) -> str:
        """What the places of records count."""
        return "record" if self in (Kind.LIST, Kind.VALUES) else "line"


_WORDS = {
    Kind.LINES: "one JSON object a line",
    Kind.LIST: "a JSON list",
    Kind.VALUES: "JSON objects one behind the other",
    Kind.TABLE: "a table",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How to take a file apart.

    `start` is where the records begin, in bytes of the text as UTF-8, and `line` the number of
    the first line there. `delimiter` and `columns` are those of a table.
    """

    kind: Kind
    encoding: str = UTF_8
    start: int = 0
    line: int = 1
    delimiter: str = ""
    columns: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Say how the records lie, for people."""
        part = f", cells parted by {DELIMITERS[self.delimiter]}" if self.delimiter else ""
        return f"{self.kind.words}{part}, {ENCODINGS[self.encoding]}"

    def as_json(self) -> dict[str, Any]:
        """Return the layout as it is kept."""
        return {**asdict(self), "kind": self.kind.value, "columns": list(self.columns)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Layout":
        """Return a layout that was kept."""
        return cls(**{**kept, "kind": Kind(kept["kind"]), "columns": tuple(kept["columns"])})


def detect_layout(head: bytes, encoding: str | None = None) -> Layout:
    """Return how the records lie in a file that begins with these bytes.

    `head` is the beginning of the unpacked file, 64 KB or all of it. `encoding` overrules what
    is found.
    """
    found = encoding or detect_encoding(head)
    layout = _detect(head, found)
    if encoding is None and found == WINDOWS_1252 and layout.kind is not Kind.TABLE:
        # JSON is UTF-8; a byte that is none is an accident in one record.
        return _detect(head, UTF_8)
    return layout


def _detect(head: bytes, encoding: str) -> Layout:
    text = text_of(b"".join(as_utf8(iter((head,)), encoding)))
    first = text.lstrip()[:1]
    opening = find_list(text)
    if opening is not None:
        return Layout(Kind.LIST, encoding, start=_bytes(text, opening))
    if first == "{":
        is_lines = _has_object_line(text) or "\n" not in text.strip()
        return Layout(Kind.LINES if is_lines else Kind.VALUES, encoding)
    if _has_object_line(text):
        return Layout(Kind.LINES, encoding)
    return _table(text, encoding) or Layout(Kind.LINES, encoding)


def _bytes(text: str, end: int) -> int:
    return len(text[:end].encode("utf-8", "surrogateescape"))


def _has_object_line(text: str) -> bool:
    for line in text.split("\n")[:_TRIED_LINES]:
        try:
            if isinstance(json.loads(line), dict):
                return True
        except (ValueError, RecursionError):
            continue
    return False


def _table(text: str, encoding: str) -> Layout | None:
    delimiter = find_delimiter(text)
    if delimiter is None:
        return None
    lines = text.split("\n")
    rows = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    try:
        first = next(rows)
    except (StopIteration, csv.Error):
        return None
    if not is_header(first):
        columns = name_columns([""] * len(first))
        return Layout(Kind.TABLE, encoding, 0, 1, delimiter, columns)
    begun = "\n".join(lines[: rows.line_num]) + "\n"
    return Layout(
        Kind.TABLE,
        encoding,
        _bytes(begun, len(begun)),
        rows.line_num + 1,
        delimiter,
        name_columns(first),
    )
