"""Rows of a file whose cells are parted by a character: CSV and its relatives."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.audit.importers.reading.lines import split_lines
from app.audit.importers.reading.transcoding import text_of

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MAX_COLUMNS = 500
MAX_CELL = 128 * 1024
_LOOKED_AT = 20
_NAME = re.compile(r"[^\W\d]")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, or why it has none; `lines` and `length` are what it takes."""

    cells: Sequence[str]
    lines: int
    length: int
    broken: str | None = None


def find_delimiter(head: str) -> str | None:
    """Return what parts the cells of a table that begins so, or None for what is no table.

    The character that gives the first rows the same number of cells, and most of them.
    """
    best, most = None, 1
    for delimiter in DELIMITERS:
        widths = _widths(head, delimiter)
        if widths and min(widths) > most and min(widths) == max(widths):
            best, most = delimiter, widths[0]
    if best is not None:
        return best
    # Rows of a broken table differ in width; its head still says what it is.
    for delimiter in DELIMITERS:
        widths = _widths(head, delimiter)
        if (
            widths
            and widths[0] > most
            and sum(one == widths[0] for one in widths) * 2 >= len(widths)
        ):
            best, most = delimiter, widths[0]
    return best


def name_columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns: unique, and none of them empty."""
    names: list[str] = []
    for number, cell in enumerate(cells[:MAX_COLUMNS], start=1):
        name = cell.strip() or f"column {number}"
        twin = 2
        while name in names:
            name = f"{cell.strip() or f'column {number}'} {twin}"
            twin += 1
        names.append(name)
    return tuple(names)


def is_header(cells: Sequence[str]) -> bool:
    """Say whether a first row names columns: with words, none of them a number or a date."""
    words = [cell.strip() for cell in cells]
    return any(words) and all(_NAME.match(word.lstrip("_@#$")) for word in words if word)


def split_rows(pieces: Iterator[bytes], delimiter: str, longest: int) -> Iterator[Row]:
    """Yield the rows; a quoted cell may hold breaks. Empty rows have no cells."""
    csv.field_size_limit(MAX_CELL)
    taken = _Taken(split_lines(pieces, longest))
    rows = csv.reader(taken, delimiter=delimiter)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Row((), *taken.take(), broken=f"a cell longer than {MAX_CELL:,} characters")
            continue
        broken = f"longer than {longest:,} bytes" if taken.was_too_long else None
        yield Row(cells, *taken.take(), broken=broken)


class _Taken:
    """The lines that the reader of rows took for the row it is at."""

    def __init__(self, lines: Iterator) -> None:  # type: ignore[type-arg]
        self._lines = lines
        self._count = self._length = 0
        self.was_too_long = False

    def __iter__(self) -> "_Taken":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._count += 1
        self._length += line.length
        if line.text is None:
            self.was_too_long = True
            return "\n"
        return f"{text_of(line.text)}\n"

    def take(self) -> tuple[int, int]:
        """Return how many lines and bytes the row took, and begin the next."""
        taken = self._count, self._length
        self._count = self._length = 0
        self.was_too_long = False
        return taken


def _widths(head: str, delimiter: str) -> list[int]:
    # The last line of the head may be cut.
    lines = head.split("\n")
    whole = lines[:-1] if len(lines) > 1 else lines
    csv.field_size_limit(MAX_CELL)
    try:
        rows = list(csv.reader(whole[:_LOOKED_AT], delimiter=delimiter))
    except csv.Error:
        return []
    widths = [len(row) for row in rows if row]
    # A single row is no table: every sentence with a comma would be one.
    return widths if len(widths) > 1 else []
