"""Every file as UTF-8: which encoding it has, and turning it as it is read."""

import codecs
from collections.abc import Iterator

UTF_8, UTF_16_LE, UTF_16_BE, WINDOWS_1252 = "utf-8", "utf-16-le", "utf-16-be", "cp1252"
ENCODINGS = {
    UTF_8: "UTF-8",
    UTF_16_LE: "UTF-16, little-endian",
    UTF_16_BE: "UTF-16, big-endian",
    WINDOWS_1252: "Windows-1252 (Western European)",
}
_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, UTF_16_LE),
    (codecs.BOM_UTF16_BE, UTF_16_BE),
)
_MARK = "\ufeff"
# A text in a Latin script has a zero byte in every second place of UTF-16.
_MANY = 0.3


def detect_encoding(head: bytes) -> str:
    """Return the encoding of a text that begins with these bytes.

    A mark at the beginning decides. Without one it is UTF-8 where the bytes are valid as such;
    where they are not, zero bytes tell UTF-16, and anything else is taken for what old
    spreadsheets write.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head:
        if head[1::2].count(0) > _MANY * len(head) / 2:
            return UTF_16_LE
        if head[0::2].count(0) > _MANY * len(head) / 2:
            return UTF_16_BE
    try:
        # The last character may be cut in two.
        codecs.getincrementaldecoder(UTF_8)().decode(head)
    except UnicodeDecodeError as error:
        broken = head[error.start : error.end]
        return UTF_8 if _is_mostly_valid(head) or not broken else WINDOWS_1252
    return UTF_8


def as_utf8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield the bytes of the text in UTF-8, without the mark at its beginning.

    Bytes that fit no character stay as they are, so that only the record that holds them is
    spoilt, and so that the length of what was read says where to go on.
    """
    if encoding == UTF_8:
        yield from _without_mark(pieces)
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    is_first = True
    for piece in pieces:
        text = decoder.decode(piece)
        if is_first and text:
            text, is_first = text.removeprefix(_MARK), False
        yield text.encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def text_of(spelled: bytes) -> str:
    """Return UTF-8 as text; a byte that fits no character becomes half a surrogate pair."""
    return spelled.decode("utf-8", "surrogateescape")


def _without_mark(pieces: Iterator[bytes]) -> Iterator[bytes]:
    begun = b""
    for piece in pieces:
        begun += piece
        if len(begun) >= len(codecs.BOM_UTF8):
            break
    yield begun.removeprefix(codecs.BOM_UTF8)
    yield from pieces


def _is_mostly_valid(head: bytes) -> bool:
    """Say whether UTF-8 of more than one byte is there too: then a broken byte is an accident."""
    text = head.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= one <= "\udcff" for one in text)
    others = sum(one > "\x7f" for one in text) - strays
    return others > strays
