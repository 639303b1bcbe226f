"""Unpacking gzip as it is read, without ever holding more than a piece of it.

A few kilobytes of gzip can spell gigabytes. Logs are repetitive and shrink thirty- to sixtyfold;
what grows more than two hundredfold beyond the first 64 MB was made to do harm.
"""

import zlib
from collections.abc import Iterator

from app.audit.importers.reading.broken import FileBroken

PIECE = 256 * 1024
# Compared when the file is long enough that a short, monotonous log is not taken for an attack.
BOMB_FROM = 64 * 1024 * 1024
BOMB_RATIO = 200

_MAGIC = b"\x1f\x8b"
# What zlib calls a gzip header and trailer around the deflated data.
_GZIP = zlib.MAX_WBITS | 16


def unpack(pieces: Iterator[bytes], at_most: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces of at most 256 KB, unpacked if it is gzip.

    `at_most` limits how many bytes come out. Raises `FileBroken` where the gzip data breaks,
    ends too early, or grows beyond what is let in.
    """
    first = next(pieces, b"")
    while len(first) < len(_MAGIC) and (more := next(pieces, b"")):
        first += more
    out = 0
    if not first.startswith(_MAGIC):
        plain = _pieces_of(first, pieces)
    else:
        plain = _Gzip(pieces).unpacked(first)
    for piece in plain:
        out += len(piece)
        if at_most is not None and out > at_most:
            raise FileBroken(f"longer than {at_most // (1024 * 1024):,} MB unpacked")
        yield piece


def _pieces_of(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class _Gzip:
    """One gzip file, or several one behind the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._read = self._written = 0

    def unpacked(self, first: bytes) -> Iterator[bytes]:
        machine = zlib.decompressobj(wbits=_GZIP)
        packed = first
        self._read = len(first)
        try:
            while True:
                piece = machine.decompress(packed, PIECE)
                self._count(len(piece))
                if piece:
                    yield piece
                packed = machine.unconsumed_tail
                if machine.eof:
                    packed = machine.unused_data.lstrip(b"\0") or self._more()
                    if not packed:
                        return
                    machine = zlib.decompressobj(wbits=_GZIP)
                elif not packed:
                    packed = self._more()
                    if not packed:
                        raise FileBroken("the gzip data ends or breaks here")
        except zlib.error:
            raise FileBroken("the gzip data ends or breaks here") from None

    def _more(self) -> bytes:
        piece = next(self._pieces, b"")
        self._read += len(piece)
        return piece

    def _count(self, length: int) -> None:
        self._written += length
        if self._written > BOMB_FROM and self._written > self._read * BOMB_RATIO:
            raise FileBroken("the gzip data unpacks to far more than a log would")
