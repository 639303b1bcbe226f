"""The body of a request: which kind it is, how large it may be, and its text."""

import zlib
from dataclasses import dataclass
from enum import Enum

from flask import Request

from app.audit.contract.strict_json import JsonUnreadable, read_json
from app.kernel.problems import PayloadTooLarge, Problem, UnsupportedMediaType
from app.kernel.short_bodies import is_short

MAX_BYTES = 5 * 1024 * 1024
MAX_GZIP_MEMBERS = 64
LINES_TYPES = ("application/x-ndjson", "application/jsonl")
JSON_TYPE = "application/json"

# What zlib calls a gzip header and trailer around the deflated data.
_GZIP = zlib.MAX_WBITS | 16


class Kind(Enum):
    """How the events lie in the body."""

    JSON = "one JSON value"
    LINES = "one JSON value a line"


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent, as text."""

    kind: Kind
    text: str


def read_body(request: Request) -> Body:
    """Return the body of the request, unpacked.

    At most 5 MB, both as sent and unpacked. Raises `UnsupportedMediaType`, `PayloadTooLarge`
    and, for what is no UTF-8 or no gzip, `Problem`.
    """
    kind = _kind(request.mimetype)
    packing = request.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip"):
        raise UnsupportedMediaType(
            "Send the body as it is, or packed with `Content-Encoding: gzip`.",
            headers={"Accept-Encoding": "gzip"},
        )
    sent = _sent(request)
    content = _unpacked(sent) if packing == "gzip" else sent
    try:
        return Body(kind, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Problem(
            f"The body is not UTF-8: byte {error.start:,} fits no character. Send UTF-8."
        ) from None


def read_value(text: str) -> object:
    """Return the JSON value of a whole body; raises `Problem` with the line and column."""
    if not text.strip():
        raise Problem("The body is empty. Send one event, or several.")
    try:
        value: object = read_json(text)
    except JsonUnreadable as error:
        raise Problem(str(error)) from None
    return value


def _kind(media_type: str) -> Kind:
    if media_type == JSON_TYPE:
        return Kind.JSON
    if media_type in LINES_TYPES:
        return Kind.LINES
    raise UnsupportedMediaType(
        "Send one event or a list of events as application/json, or one event a line as"
        " application/x-ndjson, and name the kind in the header Content-Type.",
        headers={"Accept-Post": ", ".join((JSON_TYPE, *LINES_TYPES))},
    )


def _sent(request: Request) -> bytes:
    # The declared length first, so that nothing of what is too large has to be read.
    # Forms are bounded far below this; see the limit in app.boot.factory. One byte more lets us
    # tell a body that is too large, in our own words.
    request.max_content_length = MAX_BYTES + 1
    if (request.content_length or 0) > MAX_BYTES:
        raise _too_large()
    if is_short(request):
        return request.get_data()
    content = request.stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _too_large()
    return content


def _unpacked(packed: bytes) -> bytes:
    unpacked = bytearray()
    try:
        # A gzip file may consist of several, one behind the other; thousands would be an attack.
        for _ in range(MAX_GZIP_MEMBERS):
            unpacker = zlib.decompressobj(wbits=_GZIP)
            unpacked += unpacker.decompress(packed, MAX_BYTES + 1 - len(unpacked))
            if len(unpacked) > MAX_BYTES:
                raise _too_large()
            if not unpacker.eof:
                raise Problem("The gzip data ends too early; send the whole of it.")
            packed = unpacker.unused_data
            if not packed:
                return bytes(unpacked)
    except zlib.error:
        raise Problem(
            "The body is not gzip data, though its Content-Encoding says so. Pack it, or leave the"
            " header out."
        ) from None
    raise Problem(f"The gzip data consists of more than {MAX_GZIP_MEMBERS} parts; send one.")


def _too_large() -> PayloadTooLarge:
    return PayloadTooLarge(
        "A request may hold 5 MB, unpacked. Send fewer events at a time, and shorter texts."
    )
