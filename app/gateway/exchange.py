"""What an exchange with an endpoint is held to: no word too much going out, and an end coming back.

A reply is a stranger's. Its size, its pace, its packing and its charset are not believed, and the
client's own timeouts are of each read: they begin anew with every byte that drips.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

# So much of an error is read: its message stands at the beginning.
MOST_ERROR_BYTES = 64_000

# What a request says. The library adds the names of this machine, and what the environment holds
# for another vendor, credentials among it.
_SENT = frozenset(
    {
        "accept",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "idempotency-key",
        "user-agent",
        # By it the library finds its own way when the reply is there.
        "x-stainless-raw-response",
    }
)


class _Beginning(httpx2.SyncByteStream):
    """The first bytes of a stream, as if it ended there."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401  either kind of stream, by its own type
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        left = MOST_ERROR_BYTES
        for chunk in self._stream:
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return

    def close(self) -> None:
        self._stream.close()


def hooks_of(key: str) -> Mapping[str, list[Any]]:
    """Return the hooks of a client that speaks to one endpoint, whose key this is."""

    def say_no_more(request: httpx2.Request) -> None:
        for name in request.headers.keys() - _SENT:
            del request.headers[name]
        request.headers["authorization"] = f"Bearer {key}"
        # What comes back unpacked has the size that it has.
        request.headers["accept-encoding"] = "identity"

    return {"request": [say_no_more], "response": [_believe_nothing]}


def _believe_nothing(response: httpx2.Response) -> None:
    response.headers.pop("content-encoding", None)
    # Some charsets that a header may name unpack, take for ever, or cannot be read from bytes.
    response.encoding = "utf-8"
    if not response.is_success:
        response.stream = _Beginning(response.stream)


@contextmanager
def ending_after(seconds: float, http: httpx2.Client) -> Iterator[None]:
    """Close the connection once the time is over, whatever still drips from it."""
    watch = threading.Timer(seconds, http.close)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
