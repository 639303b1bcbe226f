"""The records of a file, one at a time, from any place on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.audit.contract.strict_json import JsonUnreadable, read_json
from app.audit.importers.reading.broken import FileBroken
from app.audit.importers.reading.layout import HEAD, Kind, Layout, detect_layout
from app.audit.importers.reading.lines import split_lines
from app.audit.importers.reading.tables import split_rows
from app.audit.importers.reading.transcoding import as_utf8, text_of
from app.audit.importers.reading.unpacking import PIECE, unpack
from app.audit.importers.reading.values import split_values

MAX_RECORD = 1024 * 1024
TOO_LONG = f"longer than {MAX_RECORD:,} bytes"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: its value, or why there is none.

    `number` counts from 1, in lines or, in a list of records, in records. `end` is where the
    record ends, in bytes of the text as UTF-8, and `next_number` the number behind it.
    """

    number: int
    end: int
    next_number: int
    value: Any = None
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on in a file: the byte, and the number of the record there."""

    offset: int
    number: int


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file, as often as they are wanted.

    `at_most` limits how many bytes may come out of it once it is unpacked.
    """

    pieces: Callable[[], Iterator[bytes]]
    at_most: int | None = None

    @classmethod
    def of_file(cls, path: Path) -> "Source":
        """Return the bytes of a file; reading them raises `OSError` when it cannot be opened."""
        return cls(lambda: _file_pieces(path))

    def head(self) -> bytes:
        """Return the beginning of the unpacked file; raises `FileBroken` if there is none."""
        begun = b""
        try:
            for piece in unpack(self.pieces(), self.at_most):
                begun += piece
                if len(begun) >= HEAD:
                    break
        except FileBroken:
            if not begun:
                raise
        return begun[:HEAD]

    def layout(self, encoding: str | None = None) -> Layout:
        """Return how the records lie; raises `FileBroken` for what cannot be unpacked at all."""
        return detect_layout(self.head(), encoding)


def start_of(layout: Layout) -> Place:
    """Return where the first record is."""
    return Place(layout.start, layout.line if layout.kind is Kind.TABLE else 1)


def read_records(source: Source, layout: Layout, start: Place | None = None) -> Iterator[Record]:
    """Yield the records from a place on, or from the first; a broken one says why it is.

    Holds one record at a time in memory, of at most 1 MB. Raises `OSError` when the file cannot
    be opened.
    """
    place = start or start_of(layout)
    last = place
    try:
        pieces = _from(as_utf8(unpack(source.pieces(), source.at_most), layout.encoding), place)
        for record in _READERS[layout.kind](pieces, layout, place):
            last = Place(record.end, record.next_number)
            yield record
    except FileBroken as broken:
        yield Record(last.number, last.offset, last.number, broken=broken.reason)


def _file_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _from(pieces: Iterator[bytes], place: Place) -> Iterator[bytes]:
    """Leave out what lies before the place."""
    left = place.offset
    for piece in pieces:
        if left >= len(piece):
            left -= len(piece)
        else:
            yield piece[left:] if left else piece
            left = 0


def _of_lines(pieces: Iterator[bytes], layout: Layout, place: Place) -> Iterator[Record]:
    del layout
    end = place.offset
    for number, line in enumerate(split_lines(pieces, MAX_RECORD), start=place.number):
        end += line.length
        if line.text is None:
            yield Record(number, end, number + 1, broken=TOO_LONG)
        elif line.text.strip():
            yield _record(number, end, number + 1, text_of(line.text))


def _of_values(pieces: Iterator[bytes], layout: Layout, place: Place) -> Iterator[Record]:
    end = place.offset
    values = split_values(pieces, MAX_RECORD, in_list=layout.kind is Kind.LIST)
    for number, value in enumerate(values, start=place.number):
        end += value.length
        if value.text is None:
            yield Record(number, end, number + 1, broken=TOO_LONG)
        elif not value.is_whole:
            yield Record(number, end, number + 1, broken="the file breaks off in this record")
        else:
            yield _record(number, end, number + 1, value.text)


def _of_table(pieces: Iterator[bytes], layout: Layout, place: Place) -> Iterator[Record]:
    end, number = place.offset, place.number
    columns = layout.columns
    for row in split_rows(pieces, layout.delimiter, MAX_RECORD):
        first, end, number = number, end + row.length, number + row.lines
        if row.broken is not None:
            yield Record(first, end, number, broken=row.broken)
        elif len(row.cells) > len(columns):
            yield Record(first, end, number, broken="more cells than the table has columns")
        elif any(cell.strip() for cell in row.cells):
            cells = dict(zip(columns, row.cells, strict=False))
            value = {name: cell for name, cell in cells.items() if cell != ""}
            yield Record(first, end, number, value)


def _record(number: int, end: int, next_number: int, spelled: str) -> Record:
    try:
        return Record(number, end, next_number, read_json(spelled))
    except JsonUnreadable as error:
        return Record(number, end, next_number, broken=error.detail)


_READERS: dict[Kind, Callable[[Iterator[bytes], Layout, Place], Iterator[Record]]] = {
    Kind.LINES: _of_lines,
    Kind.LIST: _of_values,
    Kind.VALUES: _of_values,
    Kind.TABLE: _of_table,
}
