"""The files of a pack: a ZIP whose manifest names each of the others with its SHA-256."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, TypeVar

from app.audit.proof.checkpoints import SignedCheckpoint, read_checkpoint, read_number
from app.audit.proof.evidence import decoded
from app.audit.proof.hashing import HASH_BYTES
from app.audit.proof.notes import NoteUnreadable, VerifierKey, decode_base64, read_key
from app.audit.proof.verifier.packed_events import PackedEvent, read_line
from app.audit.proof.verifier.reading import MOST_LINE_BYTES, read_object
from app.audit.proof.verifier.report import Unreadable

PACK_FORMAT = "ballast-pack/1"
MANIFEST = "manifest.json"
EVENTS = "events.jsonl"
SUBTREES = "subtrees.txt"
CHECKPOINT = "checkpoint.txt"
EARLIER = "earlier.jsonl"
KEYS = "keys.txt"
README = "README.txt"
FILES = (EVENTS, SUBTREES, CHECKPOINT, EARLIER, KEYS, README)
WHOLE_LOG, QUERY = "log", "query"

_MOST_BITS = 62
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# All that opening a ZIP of a stranger may raise.
BROKEN_ZIP = (
    OSError,
    EOFError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier checkpoint, and the steps that prove that the pack's own continues it."""

    signed: SignedCheckpoint
    steps: tuple[bytes, ...]


@dataclass
class Pack:
    """An open pack. Each file is read once, from its beginning, and hashed on the way."""

    archive: zipfile.ZipFile
    manifest: dict[str, Any]
    hashes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, file: Path | IO[bytes]) -> "Pack":
        """Open the pack in a file; raises `Unreadable`."""
        try:
            archive = zipfile.ZipFile(file)
            names = sorted(one.filename for one in archive.infolist())
            methods = {one.compress_type for one in archive.infolist()}
            if names != sorted((MANIFEST, *FILES)) or not methods <= set(_METHODS):
                raise Unreadable(f"It is a ZIP, and no pack: it should hold {', '.join(FILES)}.")
            with archive.open(MANIFEST) as member:
                manifest = read_object(member.read(MOST_LINE_BYTES), MANIFEST)
        except BROKEN_ZIP as error:
            raise Unreadable(f"The ZIP cannot be opened: {error}.") from None
        if manifest.get("format") != PACK_FORMAT or manifest.get("kind") not in (WHOLE_LOG, QUERY):
            raise Unreadable(f"It is no pack of the format {PACK_FORMAT}.")
        return cls(archive, manifest)

    @property
    def is_whole_log(self) -> bool:
        """Whether the pack claims to hold every event up to its checkpoint."""
        return bool(self.manifest["kind"] == WHOLE_LOG)

    def checkpoint(self) -> SignedCheckpoint:
        """Return the checkpoint that everything in the pack leads to."""
        return _readable(CHECKPOINT, read_checkpoint, self._text(CHECKPOINT))

    def keys(self) -> list[VerifierKey]:
        """Return the keys that came with the pack."""
        return [_readable(KEYS, read_key, line) for line in self._text(KEYS).splitlines() if line]

    def earlier(self) -> Iterator[Earlier]:
        """Yield earlier checkpoints with their proofs."""
        for number, line in self._lines(EARLIER):
            where = f"{EARLIER}, line {number}"
            value = read_object(line, where)
            try:
                signed = read_checkpoint(value["checkpoint"])
                yield Earlier(signed, decoded(value["steps"]))
            except (NoteUnreadable, LookupError, TypeError, AttributeError):
                raise Unreadable(f"{where} is no checkpoint with its proof.") from None

    def events(self) -> Iterator[PackedEvent]:
        """Yield the events, in the order of the file."""
        for number, line in self._lines(EVENTS):
            where = f"{EVENTS}, line {number:,}"
            yield read_line(read_object(line, where), where)

    def subtrees(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield height, position and hash of the subtrees between the events."""
        for number, line in self._lines(SUBTREES):
            try:
                bits_text, position_text, hash_text = line.decode().removesuffix("\n").split(" ")
                bits, position = read_number(bits_text), read_number(position_text)
                hash_ = decode_base64(hash_text)
            except ValueError:
                raise Unreadable(f"{SUBTREES}, line {number:,} is no subtree.") from None
            if bits > _MOST_BITS or len(hash_) != HASH_BYTES:
                raise Unreadable(f"{SUBTREES}, line {number:,} is no subtree.")
            yield bits, position, hash_

    def changed_files(self) -> list[str]:
        """Return which files are not those that the manifest names; read the others first."""
        self._text(README)
        named = self.manifest.get("files")
        named = named if isinstance(named, dict) else {}
        return [name for name in FILES if named.get(name) != self.hashes.get(name)]

    def _text(self, name: str) -> str:
        try:
            return b"".join(line for _, line in self._lines(name)).decode()
        except UnicodeDecodeError:
            raise Unreadable(f"{name} is no text.") from None

    def _lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        hasher = sha256()
        number = 0
        try:
            with self.archive.open(name) as file:
                while line := _line(file, name):
                    hasher.update(line)
                    number += 1
                    yield number, line
        except BROKEN_ZIP as error:
            raise Unreadable(f"{name} cannot be unpacked: {error}.") from None
        self.hashes[name] = hasher.hexdigest()


def _readable(name: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except NoteUnreadable as error:
        raise Unreadable(f"{name}: {error}") from None


def _line(file: IO[bytes], name: str) -> bytes:
    line = file.readline(MOST_LINE_BYTES + 1)
    if len(line) > MOST_LINE_BYTES:
        raise Unreadable(f"{name} has a line of more than {MOST_LINE_BYTES:,} bytes.")
    return line
