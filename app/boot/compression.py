"""Pages packed with gzip for whoever takes them so.

A list of fifty events is 95 kB of HTML and 9 kB packed: on a slow line that is half a second, and
rows that come in pieces move the columns under the reader's eye. It costs a third of a millisecond.
"""

import gzip
import io
import secrets
from http import HTTPStatus

from flask import Flask, Response, request

LEVEL = 4
# Less than this fits into one packet anyway.
LEAST_BYTES = 1_400
# The length of what is packed tells something about it to whoever can make a browser ask often
# (BREACH). A name of random length in gzip's own header blurs it: "Heal the Breach", Palacios et
# al., IEEE Access 2022, as in Django.
MOST_NOISE_BYTES = 100
TYPES = frozenset({"text/html", "image/svg+xml", "application/json", "application/problem+json"})


def install(app: Flask) -> None:
    """Pack answers that are text, known as a whole, and asked for by somebody who can unpack."""

    @app.after_request
    def pack(response: Response) -> Response:
        if not _is_worth_it(response):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0:
            response.set_data(_packed(response.get_data()))
            response.headers["Content-Encoding"] = "gzip"
        return response


def _is_worth_it(response: Response) -> bool:
    # A stream is not held back, and a part of something is not packed as if it were the whole.
    return (
        response.mimetype in TYPES
        and not response.is_streamed
        and not response.direct_passthrough
        and response.status_code != HTTPStatus.PARTIAL_CONTENT
        and "Content-Encoding" not in response.headers
        and (response.content_length or 0) >= LEAST_BYTES
    )


def _packed(body: bytes) -> bytes:
    noise = "x" * secrets.randbelow(MOST_NOISE_BYTES)
    into = io.BytesIO()
    with gzip.GzipFile(noise, "wb", LEVEL, into, mtime=0) as packing:
        packing.write(body)
    return into.getvalue()
