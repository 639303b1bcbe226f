"""Lines of a file that is read in pieces."""

from collections.abc import Iterator
from dataclasses import dataclass

BREAK = b"\n"


@dataclass(frozen=True, slots=True)
class Line:
    """One line with how many bytes it takes in the file, its end included.

    `text` is None for a line that is too long to be held.
    """

    text: bytes | None
    length: int


def split_lines(pieces: Iterator[bytes], longest: int) -> Iterator[Line]:
    """Yield the lines; of one with more than `longest` bytes only how long it is."""
    held, skipped = b"", 0
    for piece in pieces:
        *whole, held = (held + piece).split(BREAK)
        for line in whole:
            length = len(line) + 1 + skipped
            yield Line(None if length - 1 > longest else line, length)
            skipped = 0
        if skipped or len(held) > longest:
            skipped += len(held)
            held = b""
    if held or skipped:
        length = len(held) + skipped
        yield Line(None if length > longest else held, length)
