# ruff: noqa: INP001  an example to copy is no package
"""Send events to Ballast, and lose none: a client in one file, of the standard library alone.

    with Client("https://ballast.example", key, "/var/lib/door-controller") as client:
        client.send({"occurred_at": "2026-03-14T09:26:53Z", "action": "door.opened",
                     "actor": {"type": "person", "id": "u-1"}})
        client.flush()

`send` returns once the event is on this machine's disk, `flush` once Ballast has everything. In
between the program may be killed and the network may be down: the next `flush` continues. Each
event gets its id before it is written down, so that sending twice stores once.

The folder holds `events.ndjson` (what was sent, one event a line), `acknowledged` (how much of it
Ballast has) and `rejected.ndjson` (what Ballast refused, with its reasons; after a kill an item may
stand there twice). One program at a time may use it.
"""

import contextlib
import fcntl
import gzip
import http.client
import json
import os
import random
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

EVENTS = "/api/v1/events"
MAX_EVENTS = 500
MAX_BYTES = 4 * 1024 * 1024
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 60.0
# Answers after which the same request may succeed later.
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


class NotTaken(Exception):
    """Ballast refuses the request itself: a wrong key, a wrong address. Nothing is lost."""


class StillWaiting(Exception):
    """Ballast has not taken everything within the time; what is left waits on disk."""


class FolderInUse(Exception):
    """Another program sends from this folder."""


class Client:
    """Sends events through a buffer on disk. Use it from one thread."""

    def __init__(
        self, address: str, key: str, folder: str | Path, *, timeout_s: float = 30.0
    ) -> None:
        self._address = urlsplit(address)
        self._key = key
        self._timeout_s = timeout_s
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(self._folder / "lock")
        self._acknowledged = _Offset(self._folder / "acknowledged")
        self._events = _open_lines(self._folder / "events.ndjson")
        self._rejected = _open_lines(self._folder / "rejected.ndjson")
        if self._acknowledged.value > _size(self._events):
            # The buffer was emptied, and the program ended before it noted that.
            self._acknowledged.value = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the folder go; what was not flushed waits for the next program."""
        for descriptor in (self._events, self._rejected, self._lock):
            os.close(descriptor)

    def send(self, *events: Mapping[str, Any]) -> list[str]:
        """Write events into the buffer and return their ids; they survive this program."""
        with_ids = [{"id": str(uuid.uuid4()), **event} for event in events]
        _append(self._events, with_ids)
        return [str(event["id"]) for event in with_ids]

    @property
    def waiting_bytes(self) -> int:
        """How much of the buffer Ballast does not have yet."""
        return _size(self._events) - self._acknowledged.value

    def flush(self, patience_s: float = 300.0) -> int:
        """Send what waits; return how many events Ballast refused.

        Tries again after whatever passes by itself, as long as `patience_s`. Raises
        `StillWaiting` after that, and `NotTaken` at once where trying again is of no use.
        """
        deadline = time.monotonic() + patience_s
        refused, size = 0, MAX_EVENTS
        while lines := self._next_lines(size):
            status, answer = self._send_patiently(b"".join(lines), deadline)
            if status == http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE and len(lines) > 1:
                size = len(lines) // 2
                continue
            if status not in (http.HTTPStatus.OK, http.HTTPStatus.MULTI_STATUS):
                raise NotTaken(f"{status}: {answer.get('detail', answer)}")
            refused += self._note_rejected(lines, answer["results"])
            # Only now: whatever happened before is done again, and stored once.
            self._acknowledged.value += sum(map(len, lines))
        self._empty()
        return refused

    def _next_lines(self, most: int) -> list[bytes]:
        lines: list[bytes] = []
        size = 0
        for line in _read_lines(self._events, self._acknowledged.value):
            size += len(line)
            if lines and (len(lines) == most or size > MAX_BYTES):
                break
            lines.append(line)
        return lines

    def _send_patiently(self, body: bytes, deadline: float) -> tuple[int, dict[str, Any]]:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                status, answer, retry_after_s = self._post(body)
            except (OSError, http.client.HTTPException) as error:
                status, answer, retry_after_s = 0, {"detail": str(error)}, None
            if status and status not in LATER:
                return status, answer
            # Many clients that wait equally long would all come back at once.
            pause_s = (retry_after_s or wait_s) * random.uniform(1.0, 1.25)  # noqa: S311  no secret
            if time.monotonic() + pause_s > deadline:
                reason = answer.get("detail", answer)
                raise StillWaiting(f"{self.waiting_bytes:,} bytes wait: {status or ''} {reason}")
            time.sleep(pause_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _post(self, body: bytes) -> tuple[int, dict[str, Any], float | None]:
        is_secure = self._address.scheme == "https"
        make = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
        connection = make(str(self._address.netloc), timeout=self._timeout_s)
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/x-ndjson",
            "Content-Encoding": "gzip",
        }
        with contextlib.closing(connection):
            path = self._address.path.rstrip("/") + EVENTS
            connection.request("POST", path, gzip.compress(body), headers)
            response = connection.getresponse()
            text = response.read()
        after = response.headers.get("Retry-After", "")
        return response.status, _answer(text), float(after) if after.isdecimal() else None

    def _note_rejected(self, lines: list[bytes], results: list[dict[str, Any]]) -> int:
        rejected = [
            {**result, "event": json.loads(line)}
            for line, result in zip(lines, results, strict=True)
            if result["status"] == "rejected"
        ]
        if rejected:
            _append(self._rejected, rejected)
        return len(rejected)

    def _empty(self) -> None:
        """Begin the buffer anew: Ballast has all of it."""
        os.ftruncate(self._events, 0)
        os.fsync(self._events)
        self._acknowledged.value = 0


class _Offset:
    """A number in a file that is either the old one or the new one, whatever happens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._value = int(path.read_text()) if path.exists() else 0

    @property
    def value(self) -> int:
        return self._value

    @value.setter
    def value(self, value: int) -> None:
        beside = self._path.with_suffix(".new")
        with beside.open("w") as file:
            file.write(str(value))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        _sync_folder(self._path.parent)
        self._value = value


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # The system lets it go when the program ends, however it ends.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FolderInUse(f"Another program sends from {path.parent}.") from None
    return descriptor


def _open_lines(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    _sync_folder(path.parent)
    # A line without an end was being written when the program was killed: nobody was told that
    # it is kept, so it is not.
    whole = sum(map(len, _read_lines(descriptor, 0)))
    if whole < _size(descriptor):
        os.ftruncate(descriptor, whole)
    return descriptor


def _append(descriptor: int, values: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(value, ensure_ascii=True) + "\n" for value in values).encode()
    before = _size(descriptor)
    try:
        written = 0
        while written < len(lines):
            written += os.write(descriptor, lines[written:])
        os.fsync(descriptor)
    except OSError:
        # A full disk must not leave half a line before the next one.
        os.ftruncate(descriptor, before)
        raise


def _read_lines(descriptor: int, start: int) -> Iterator[bytes]:
    """Yield whole lines from a place on; a last one without its end is left out."""
    rest, place = b"", start
    while chunk := os.pread(descriptor, 1024 * 1024, place):
        place += len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line + b"\n"


def _size(descriptor: int) -> int:
    return os.fstat(descriptor).st_size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _answer(text: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        return {"detail": text[:200].decode(errors="replace")}
    return answer if isinstance(answer, dict) else {"detail": str(answer)[:200]}
