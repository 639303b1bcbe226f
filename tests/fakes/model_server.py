"""A model endpoint on 127.0.0.1 that answers each request as it was told to.

It speaks the chat completions API over real HTTP, so that everything between the gateway and a
socket is the real thing. It says nothing about how good a model is.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from app.gateway.extractive.rules import claims_from
from app.gateway.extractive.transport import completion_of

MODEL = "scripted-model"
# More than anybody should read of an error.
ENDLESS_BYTES = 20_000_000
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to send for one request. `body` may be made from the request's JSON.

    `delay_s` passes before anything is sent; `hangs` sends nothing until the server closes;
    `drops` closes the connection without a word; `drips` sends the body byte by byte, `drips_head`
    the head, which never comes to its end; `stalls` sends the head and nothing after it; `endless`
    has a body of which there is always more, up to `ENDLESS_BYTES`.
    """

    body: str | Callable[[Body], str] = ""
    status: int = 200
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0
    hangs: bool = False
    drops: bool = False
    drips: bool = False
    drips_head: bool = False
    stalls: bool = False
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as it arrived; header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: Body


def right(answer: Body | None = None) -> Reply:
    """Answer as the built-in rules do, or with the JSON given."""
    return _completion(lambda request: json.dumps(answer or claims_from(request)))


def wrong_count() -> Reply:
    """Fit the schema, but count one more in the first claim."""

    def lie(request: Body) -> str:
        answer = claims_from(request)
        answer["claims"][0]["count"] += 1
        return json.dumps(answer)

    return _completion(lie)


def foreign_id() -> Reply:
    """Cite an event that was not in the request."""

    def lie(request: Body) -> str:
        answer = claims_from(request)
        answer["claims"][0]["event_ids"] = ["E999"]
        return json.dumps(answer)

    return _completion(lie)


def ignores_schema() -> Reply:
    """Answer with JSON of a shape of its own."""
    return _completion(lambda _request: '{"summary": "All is well.", "severity": "none"}')


def nonsense() -> Reply:
    """Answer with prose."""
    return _completion(lambda _request: "Sure! Here is your summary: all is well.")


def truncated() -> Reply:
    """Stop at the token limit, with JSON that would parse."""
    return _completion(lambda request: json.dumps(claims_from(request)), finish_reason="length")


def declined() -> Reply:
    """Refuse in the way of the API: a refusal in place of content."""
    return _completion(lambda _request: "", refusal="I cannot help with that.")


def html(status: int = 200) -> Reply:
    """Answer with a web page, as a proxy or a wrong address does."""
    return Reply("<html><body>Welcome</body></html>", status, "text/html")


def slow(seconds: float) -> Reply:
    """Answer rightly, but late."""
    return replace(right(), delay_s=seconds)


def dripping() -> Reply:
    """Answer rightly, byte by byte, so that no single read takes long."""
    return replace(right(), drips=True)


def endless(status: int) -> Reply:
    """Answer with a fault that goes on and on."""
    return Reply(status=status, endless=True)


def hang() -> Reply:
    """Say nothing."""
    return Reply(hangs=True)


def drop() -> Reply:
    """Close the connection."""
    return Reply(drops=True)


def error(status: int, message: str = "No.", parameter: str | None = None) -> Reply:
    """Answer with an error in the form of the API."""
    fault = {"message": message, "type": "error", "param": parameter, "code": None}
    return Reply(json.dumps({"error": fault}), status)


def rate_limited(retry_after: str | None = None) -> Reply:
    """Answer 429, with a Retry-After header if one is given."""
    headers = () if retry_after is None else (("Retry-After", retry_after),)
    return replace(error(429, "Too many requests."), headers=headers)


def redirect(location: str) -> Reply:
    """Send the caller elsewhere."""
    return Reply("", 307, headers=(("Location", location),))


class ModelServer:
    """Context manager around the server. Requests take the scripted replies in turn.

    When the script is used up the last reply answers whatever follows; `requests` keeps all that
    arrived.
    """

    def __init__(self, *script: Reply) -> None:
        self.script = list(script or (right(),))
        self.requests: list[Recorded] = []
        # The bytes of endless bodies that went out, all together.
        self.sent = 0
        self.closing = threading.Event()
        self._turn = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, recorded: Recorded) -> Reply:
        """Record a request and return the reply whose turn it is."""
        with self._turn:
            self.requests.append(recorded)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class _Server(ThreadingHTTPServer):
    # Threads are joined when the server closes, so that a test leaves none behind.
    daemon_threads = False

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], model: ModelServer
    ) -> None:
        super().__init__(address, handler)
        self.model = model


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length))
        model = self.server.model
        reply = model.take(
            Recorded(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        )
        if self.path != "/v1/chat/completions":
            reply = error(404, "There is nothing at this address.")
        if reply.drops:
            return
        if reply.hangs:
            model.closing.wait()
            return
        if reply.delay_s:
            model.closing.wait(reply.delay_s)
        try:
            self._send(reply, body)
        except OSError:
            # A caller who lost patience is what several tests are about.
            self.close_connection = True

    def _send(self, reply: Reply, request: Body) -> None:
        if reply.drips_head:
            self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 300)
            return
        if reply.endless:
            self._send_endlessly(reply)
            return
        text = reply.body if isinstance(reply.body, str) else reply.body(request)
        payload = text.encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("X-Request-Id", f"request-{len(self.server.model.requests)}")
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        if reply.stalls:
            self.server.model.closing.wait()
        elif reply.drips:
            self._drip(payload)
        else:
            self.wfile.write(payload)

    def _drip(self, payload: bytes) -> None:
        for byte in payload:
            if self.server.model.closing.wait(0.02):
                return
            self.wfile.write(bytes([byte]))

    def _send_endlessly(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        part = b"<p>" * 20_000
        for _ in range(ENDLESS_BYTES // len(part) + 1):
            self.wfile.write(part)
            self.server.model.sent += len(part)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """Say nothing: the test runner's output is for failures."""


def _completion(
    text: Callable[[Body], str], finish_reason: str = "stop", refusal: str | None = None
) -> Reply:
    def body(request: Body) -> str:
        completion = completion_of(text(request))
        completion["model"] = MODEL
        completion["usage"] = {"prompt_tokens": 700, "completion_tokens": 90, "total_tokens": 790}
        completion["choices"][0]["finish_reason"] = finish_reason
        completion["choices"][0]["message"]["refusal"] = refusal
        return json.dumps(completion)

    return Reply(body)
