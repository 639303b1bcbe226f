"""Taking a long JSON list, or JSON values one behind the other, apart: one at a time."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.audit.importers.reading.lists import find_list
from app.audit.importers.reading.transcoding import text_of

LOOKED_AHEAD = 64 * 1024

_BETWEEN = re.compile(r"[\s,]*")
_BEHIND_LIST = re.compile(r"[\s,}\]]*")
_COLON = re.compile(r"[\s:]*")
_STRUCTURE = re.compile(r'[\[\]{}"\\]')
_STOP = re.compile(r"[,\]}\n]")
_LENIENT = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Value:
    """The text of one value, and how many bytes were read up to its end.

    `text` is None for a value that is longer than can be held; `is_whole` is False for one that
    the file breaks off in.
    """

    text: str | None
    length: int
    is_whole: bool = True


def split_values(pieces: Iterator[bytes], longest: int, *, in_list: bool) -> Iterator[Value]:
    """Yield each value; `in_list` says that the first piece begins within a list.

    A value that is no JSON ends where its brackets balance, so that the next one is found. Behind
    the end of a list the next list is looked for: files of several are often put together.
    """
    reader = _Reader(pieces)
    while True:
        reader.drop(_skip(reader, _BETWEEN))
        if reader.is_at_end():
            return
        if in_list and reader.held.startswith("]", reader.at):
            _find_next_list(reader)
            continue
        end = _end_of_value(reader)
        if end is None:
            yield _by_brackets(reader, longest)
            continue
        text = reader.held[reader.at : end]
        reader.drop(end)
        yield Value(text, reader.take_length())


class _Reader:
    """The text that was read and not used yet, from `at` on."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._split = b""
        self._used = 0
        self.held = ""
        self.at = 0
        self.is_over = False

    def more(self) -> bool:
        """Read another piece; say whether there was one."""
        piece = next(self._pieces, None)
        if piece is None:
            rest, self._split, self.is_over = self._split, b"", True
            self._hold(rest)
            return bool(rest)
        piece = self._split + piece
        whole = _whole_characters(piece)
        self._split = piece[whole:]
        self._hold(piece[:whole])
        return True

    def is_at_end(self) -> bool:
        return self.is_over and self.at >= len(self.held)

    def drop(self, end: int) -> None:
        """Go on behind `end`."""
        self._used += len(self.held[self.at : end].encode("utf-8", "surrogateescape"))
        self.at = end

    def take_length(self) -> int:
        """Return how many bytes were dropped since the last time."""
        length, self._used = self._used, 0
        return length

    def _hold(self, piece: bytes) -> None:
        self.held = self.held[self.at :] + text_of(piece)
        self.at = 0


def _whole_characters(piece: bytes) -> int:
    """Return where the last character that is whole ends."""
    end = len(piece)
    for back in range(1, min(4, end) + 1):
        byte = piece[end - back]
        if byte < 0x80:  # noqa: PLR2004  the bytes of UTF-8
            return end
        if byte >= 0xC0:  # noqa: PLR2004
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4  # noqa: PLR2004
            return end if back >= wanted else end - back
    return end


def _skip(reader: _Reader, what: re.Pattern[str]) -> int:
    while True:
        found = what.match(reader.held, reader.at)
        end = found.end() if found else reader.at
        if end < len(reader.held) or reader.is_over:
            return end
        reader.drop(end)
        reader.more()


def _find_next_list(reader: _Reader) -> None:
    """Go on behind the bracket that opens the next list; else at what stands there instead."""
    while True:
        reader.drop(_skip(reader, _BEHIND_LIST))
        if reader.is_at_end():
            return
        if reader.held[reader.at] == '"':
            # What an object says beside its list: a name and a value.
            _by_brackets(reader, 0)
            reader.drop(_skip(reader, _COLON))
            _by_brackets(reader, 0)
            continue
        while len(reader.held) - reader.at < LOOKED_AHEAD and not reader.is_over:
            reader.more()
        opening = find_list(reader.held[reader.at : reader.at + LOOKED_AHEAD])
        if opening is not None:
            reader.drop(reader.at + opening)
        return


def _end_of_value(reader: _Reader) -> int | None:
    """Return where the value ends that comes next; None when that cannot be told yet."""
    try:
        end = _LENIENT.raw_decode(reader.held, reader.at)[1]
    except (ValueError, RecursionError):
        return None
    # A number at the end of what was read may go on.
    return end if end < len(reader.held) or reader.held[end - 1] in '}]"' else None


def _by_brackets(reader: _Reader, longest: int) -> Value:
    """Return the next value by looking for its end only, whatever it holds."""
    walk, kept, length = _Walk(), "", 0
    while True:
        end = walk.find_end(reader.held, reader.at)
        stop = len(reader.held) if end is None else end
        length += stop - reader.at
        if length <= longest:
            kept += reader.held[reader.at : stop]
        reader.drop(stop)
        text = kept if length <= longest else None
        if end is not None:
            return Value(text, reader.take_length())
        if not reader.more():
            return Value(text, reader.take_length(), is_whole=walk.is_plain)


class _Walk:
    """How deep in brackets the walk is, and whether within a text."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_text = self._is_escaped = False
        self._has_begun = False
        self.is_plain = False

    def find_end(self, held: str, at: int) -> int | None:
        """Return where the value ends within what is held, or None when it goes on."""
        begins = at < len(held) and not self._has_begun
        if begins:
            self._has_begun = True
            self.is_plain = held[at] not in '[{"'
        if self.is_plain:
            # Something has to be taken, or the walk would stand still for ever.
            found = _STOP.search(held, at + begins)
            return found.start() if found else None
        return self._balanced(held, at)

    def _balanced(self, held: str, at: int) -> int | None:
        skip = at if self._is_escaped else -1
        self._is_escaped = False
        for found in _STRUCTURE.finditer(held, at):
            place, sign = found.start(), found.group()
            if place == skip:
                continue
            if sign == "\\":
                skip = place + 1
                self._is_escaped = skip >= len(held)
            elif self._closes(sign):
                return place + 1
        return None

    def _closes(self, sign: str) -> bool:
        if sign == '"':
            self._in_text = not self._in_text
            return not self._in_text and self._depth == 0
        if self._in_text:
            return False
        self._depth += 1 if sign in "[{" else -1
        return self._depth <= 0
