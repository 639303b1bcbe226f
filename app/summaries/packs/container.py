"""The ZIP of a pack. There is one way to write it, so that no byte of it can differ unnoticed.

A ZIP has many bytes that mean nothing to a reader: times, attributes, a second list of files.
This one holds nothing but its members, written plainly; whoever checks it writes the members
again and compares.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from app.audit.proof.verifier.pack_files import BROKEN_ZIP
from app.audit.proof.verifier.report import Unreadable

COVER = "cover.txt"
SUMMARY = "summary.json"
LOG = "log.zip"
README = "README.txt"
MEMBERS = (COVER, SUMMARY, LOG, README)

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20


def write_container(out: IO[bytes], members: Mapping[str, IO[bytes]]) -> None:
    """Write the members of a pack, each from its beginning, into a seekable file."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in MEMBERS:
            members[name].seek(0)
            with archive.open(zipfile.ZipInfo(name, _EPOCH), "w", force_zip64=True) as file:
                shutil.copyfileobj(members[name], file, _CHUNK)


@contextmanager
def open_container(path: Path) -> Iterator[dict[str, IO[bytes]]]:
    """Open the members of the pack in a file; raises `Unreadable` for what is no such pack.

    That is also what a pack becomes when a byte of the ZIP itself is changed.
    """
    with ExitStack() as stack:
        try:
            members = _read(path, stack)
            again = stack.enter_context(tempfile.TemporaryFile())
            write_container(again, members)
            is_same = _equal(stack.enter_context(path.open("rb")), again)
        except BROKEN_ZIP as error:
            raise Unreadable(f"The ZIP cannot be opened: {error}.") from None
        if not is_same:
            raise Unreadable("The ZIP is not as a pack is written: it was changed or packed anew.")
        yield members


def hash_of_member(member: IO[bytes]) -> str:
    """Return SHA-256 of a part, in hex."""
    hasher = sha256()
    member.seek(0)
    while part := member.read(_CHUNK):
        hasher.update(part)
    return hasher.hexdigest()


def _read(path: Path, stack: ExitStack) -> dict[str, IO[bytes]]:
    members: dict[str, IO[bytes]] = {}
    with zipfile.ZipFile(path) as archive:
        if archive.namelist() != list(MEMBERS):
            raise Unreadable(
                f"It is no evidence pack of a summary: that holds {', '.join(MEMBERS)}."
            )
        for entry in archive.infolist():
            if entry.compress_type != zipfile.ZIP_STORED:
                raise Unreadable("It is no evidence pack of a summary: its parts are compressed.")
            members[entry.filename] = stack.enter_context(_unpacked(archive, entry))
    return members


@contextmanager
def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as unpacked, archive.open(entry) as file:
        shutil.copyfileobj(file, unpacked, _CHUNK)
        yield unpacked


def _equal(one: IO[bytes], other: IO[bytes]) -> bool:
    one.seek(0)
    other.seek(0)
    while part := one.read(_CHUNK):
        if part != other.read(_CHUNK):
            return False
    return not other.read(1)
