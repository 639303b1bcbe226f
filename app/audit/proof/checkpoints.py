"""Checkpoints (c2sp.org/tlog-checkpoint): whose log it is, how long, and the root of its tree."""

import base64
import re
from collections.abc import Collection
from dataclasses import dataclass

from app.audit.proof.hashing import HASH_BYTES
from app.audit.proof.notes import (
    Note,
    NoteUnreadable,
    VerifierKey,
    decode_base64,
    read_note,
    signers,
)

_MOST_DIGITS = 18
_NUMBER = re.compile(rf"0|[1-9][0-9]{{0,{_MOST_DIGITS}}}")
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: the log called `origin` has `size` leaves with that root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of its note."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it was read, with its signatures, none of which was verified by that."""

    checkpoint: Checkpoint
    note: Note

    def signed_by(self, keys: Collection[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Return the keys that signed it, of those named like its origin; raises `NoteWrong`."""
        return signers(self.note, [key for key in keys if key.name == self.checkpoint.origin])


def read_checkpoint(text: str) -> SignedCheckpoint:
    """Return the checkpoint that a text spells; raises `NoteUnreadable`.

    Extension lines are passed over: they are signed, and mean nothing to us.
    """
    note = read_note(text)
    lines = note.text[:-1].split("\n")
    if len(lines) < _LINES or not all(lines):
        raise NoteUnreadable("A checkpoint is three lines: origin, size and root.")
    origin, size_text, root_text = lines[:_LINES]
    root = decode_base64(root_text)
    if len(root) != HASH_BYTES:
        raise NoteUnreadable("The root of a checkpoint is 32 bytes in base64.")
    return SignedCheckpoint(Checkpoint(origin, read_number(size_text), root), note)


def read_checkpoints(text: str) -> list[SignedCheckpoint]:
    """Return the checkpoints of a file that holds several, with empty lines between them."""
    return [read_checkpoint(part) for part in _parts(text)]


def read_number(text: str) -> int:
    """Return a number without sign and leading zeros; raises `NoteUnreadable`."""
    if not _NUMBER.fullmatch(text):
        raise NoteUnreadable(f"{text[:20]!r} is no number of leaves.")
    return int(text)


def _parts(text: str) -> list[str]:
    """Cut a file before each line that follows signatures and an empty line."""
    parts: list[str] = []
    lines: list[str] = []
    for line in text.strip("\n").split("\n"):
        if not line and lines and lines[-1].startswith("— "):
            parts.append("".join(f"{one}\n" for one in lines))
            lines = []
        elif line or lines:
            lines.append(line)
    return [*parts, "".join(f"{one}\n" for one in lines)]
