"""Talking HTTP to a product that runs in processes of its own, as a program or as a person."""

import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

# What a caller meets when the process at the other end is killed.
BROKEN = (OSError, HTTPException)
PATIENCE_S = 60.0
# The server ends connections that nobody used for two seconds.
IDLE_S = 1.0

_TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection that is kept open, and opened anew after it broke.

    Raises one of `BROKEN` when it breaks: what was sent may then have been done or not.
    """

    def __init__(self, port: int, *, patience_s: float = PATIENCE_S) -> None:
        self._port, self._patience_s = port, patience_s
        self._connection: HTTPConnection | None = None
        self._used_at = 0.0

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and wait for the whole answer."""
        was_open = self._connection is not None
        try:
            return self._send(method, path, body, dict(headers or {}))
        except BROKEN:
            # Asking twice does no harm.
            if not (was_open and method == "GET"):
                raise
        return self._send(method, path, body, dict(headers or {}))

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if time.monotonic() - self._used_at > IDLE_S:
            self.close()
        connection = self._connection or self._open()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, dict(response.headers), response.read())
        except BROKEN:
            self.close()
            raise
        self._used_at = time.monotonic()
        if response.will_close:
            self.close()
        return answer

    def close(self) -> None:
        """End the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> HTTPConnection:
        self._connection = HTTPConnection("127.0.0.1", self._port, timeout=self._patience_s)
        self._connection.connect()
        # Bodies of several packets would otherwise wait for an acknowledgement in between.
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection


@dataclass
class Person:
    """Somebody signed in, with the cookies of their browser."""

    wire: Wire
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as a browser does."""
        answer = self.post("/sign-in", email=email, password=password)
        assert answer.status in (302, 303), f"{answer.status}: {answer.text[:500]}"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that make a request this person's."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def get(self, path: str, **headers: str) -> Answer:
        return self._note(self.wire.send("GET", path, headers=self.headers | headers))

    def post(self, path: str, *, token_from: str | None = None, **values: str) -> Answer:
        """Send a form, with the token of the page at `token_from`: the form's own by default."""
        found = _TOKEN.search(self.get(token_from or path).text)
        token = {"csrf_token": found[1]} if found else {}
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(token | values).encode()
        return self._note(self.wire.send("POST", path, body, headers))

    def _note(self, answer: Answer) -> Answer:
        for name, value in answer.headers.items():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer
