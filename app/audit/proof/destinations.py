"""Where checkpoints go, so that a copy is outside: a folder, or an address that takes them."""

import contextlib
import os
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from app.audit.proof.checkpoints import Checkpoint, read_checkpoint
from app.audit.proof.notes import NoteUnreadable
from app.kernel.untrusted_text import single_line

TIMEOUT_S = 10
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOWN = 160


class NotDelivered(Exception):
    """A checkpoint did not arrive; says why, in words for the page of the seal."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A checkpoint on its way out. `continues` says whether the log continues an earlier one."""

    tenant_id: UUID
    size: int
    note: str
    created_at: datetime
    continues: Callable[[Checkpoint], bool]


class Destination(Protocol):
    """Takes checkpoints; `deliver` raises `NotDelivered`, and may be called twice for one."""

    name: str

    def deliver(self, parcel: Parcel) -> None: ...


class Folder:
    """A folder, best on another machine or on storage that nobody can overwrite.

    One file for each checkpoint, `<tenant>/<day>/<size>.txt`, complete or not there. Before a
    new one is written the newest there is compared: a log that was set back does not continue
    it, and is found out.
    """

    name = "folder"

    def __init__(self, path: Path) -> None:
        self._path = path

    def deliver(self, parcel: Parcel) -> None:
        """Write the checkpoint, unless the folder holds one that the log does not continue."""
        home = self._path / str(parcel.tenant_id)
        try:
            newest = _newest(home)
            if newest is not None and not parcel.continues(newest):
                raise NotDelivered(
                    f"The folder holds a checkpoint of {newest.size:,} events which this log does"
                    " not continue: the log was changed or set back."
                )
            _write(home / f"{parcel.created_at:%Y-%m-%d}" / f"{parcel.size}.txt", parcel.note)
        except OSError as error:
            raise NotDelivered(f"The folder cannot be written: {error.strerror}.") from None
        except NoteUnreadable:
            raise NotDelivered("The newest file in the folder is no checkpoint.") from None


class Address:
    """A web address to which each checkpoint is posted as text; any 2xx means that it is kept."""

    name = "url"

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(_NoRedirects)

    def deliver(self, parcel: Parcel) -> None:
        """Post the checkpoint."""
        request = urllib.request.Request(  # noqa: S310  the settings take http and https only
            self._url,
            data=parcel.note.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8", "User-Agent": "Ballast"},
            method="POST",
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                answer.read(_SHOWN)
        except urllib.error.HTTPError as error:
            with error:
                words = single_line(error.read(_SHOWN).decode(errors="replace"), _SHOWN)
            answer_words = f"{error.code} {HTTPStatus(error.code).phrase}".strip()
            raise NotDelivered(f"The address answered {answer_words}. {words}".strip()) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise NotDelivered(
                f"The address could not be reached: {single_line(str(reason), _SHOWN)}."
            ) from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect an error: following one would turn the POST into a GET."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: object,
        newurl: str,
    ) -> None:
        """Follow nothing."""


def _newest(home: Path) -> Checkpoint | None:
    """Return the newest checkpoint of a tenant's folder."""
    if not home.is_dir():
        return None
    days = sorted((day for day in home.iterdir() if _DAY.fullmatch(day.name)), reverse=True)
    for day in days:
        sizes = [int(file.stem) for file in day.glob("*.txt") if file.stem.isdigit()]
        if sizes:
            text = (day / f"{max(sizes)}.txt").read_text(encoding="utf-8")
            return read_checkpoint(text).checkpoint
    return None


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all; one that is there already stays as it is."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        # Readable for those who watch, and changed by nobody; some network folders know no modes.
        with contextlib.suppress(PermissionError):
            Path(draft).chmod(0o444)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
