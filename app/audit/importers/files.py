"""Reading records out of a file, one at a time, whatever its size.

Three shapes are told apart by how the file begins: JSON lines, one JSON object with a list
called `Records` (as CloudTrail delivers), and either of them packed with gzip.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from app.audit.contract.strict_json import JsonUnreadable, read_json
from app.audit.importers.record_list import ListBroken, split_list

MAX_RECORD = 1024 * 1024
_SNIFFED = 4096
_GZIP_MAGIC = b"\x1f\x8b"
_RECORDS = re.compile(r'\s*\{\s*"Records"\s*:\s*\[')


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file: its value, or why there is none.

    `number` counts from 1, in lines or, in a list of records, in records; `unit` says which.
    """

    number: int
    value: object = None
    broken: str | None = None
    unit: str = "line"


def read_records(path: Path) -> Iterator[Record]:
    """Yield the records of a file in their order; a broken one is a record that says so.

    Holds one record at a time in memory, of at most 1 MB. Raises `OSError` when the file
    cannot be opened.
    """
    number = 0
    with _opened(path) as file:
        try:
            for record in _records(file):
                number = record.number
                yield record
        except (gzip.BadGzipFile, EOFError, zlib.error):
            yield Record(number + 1, broken="the gzip data ends or breaks here")


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    with path.open("rb") as file:
        is_packed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    with gzip.open(path, "rb") if is_packed else path.open("rb") as binary:
        # A byte that fits no character becomes half a surrogate pair, which the contract
        # refuses in the one record that holds it.
        yield io.TextIOWrapper(
            cast("IO[bytes]", binary),
            encoding="utf-8-sig",
            errors="surrogateescape",
            newline="\n",
        )


def _records(file: IO[str]) -> Iterator[Record]:
    head = file.read(_SNIFFED)
    start = _RECORDS.match(head)
    return _of_list(head[start.end() :], file) if start else _of_lines(head, file)


def _of_list(begun: str, file: IO[str]) -> Iterator[Record]:
    number = 0
    try:
        for number, spelled in enumerate(split_list(begun, file, MAX_RECORD), start=1):
            yield _record(number, spelled, "record")
    except ListBroken:
        broken = "not JSON; what follows in the list was not read"
        yield Record(number + 1, broken=broken, unit="record")


def _of_lines(head: str, file: IO[str]) -> Iterator[Record]:
    for number, line in enumerate(_lines(head, file), start=1):
        if len(line) > MAX_RECORD:
            yield Record(number, broken=f"longer than {MAX_RECORD:,} characters")
        elif line.strip():
            yield _record(number, line, "line")


def _lines(head: str, file: IO[str]) -> Iterator[str]:
    """Yield the lines; of one that is too long only as much as shows that it is."""
    *whole, begun = head.split("\n")
    yield from whole
    while line := begun + file.readline(MAX_RECORD + 1 - len(begun)):
        begun = ""
        yield line.rstrip("\n")
        if len(line) > MAX_RECORD:
            _skip_line(line, file)


def _skip_line(read: str, file: IO[str]) -> None:
    while read and not read.endswith("\n"):
        read = file.readline(MAX_RECORD)


def _record(number: int, spelled: str, unit: str) -> Record:
    try:
        return Record(number, read_json(spelled), unit=unit)
    except JsonUnreadable as error:
        return Record(number, broken=error.detail, unit=unit)
