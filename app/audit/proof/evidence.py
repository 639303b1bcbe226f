"""Evidence as text: the proof of one event, and the proof that a log only grew.

The first is a c2sp.org/tlog-proof; the second is what a c2sp.org/tlog-witness is sent.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from app.audit.proof.checkpoints import SignedCheckpoint, read_checkpoint, read_number
from app.audit.proof.hashing import HASH_BYTES
from app.audit.proof.notes import NoteUnreadable, decode_base64

PROOF_HEAD = "c2sp.org/tlog-proof@v1"
MOST_STEPS = 63


@dataclass(frozen=True, slots=True)
class EventProof:
    """That leaf `index` is in the tree of a checkpoint. `extra` is the event, as in a pack."""

    index: int
    steps: tuple[bytes, ...]
    signed: SignedCheckpoint
    extra: bytes = b""

    def __str__(self) -> str:
        extra = f"extra {base64.b64encode(self.extra).decode()}\n" if self.extra else ""
        lines = _lines(self.steps)
        return f"{PROOF_HEAD}\n{extra}index {self.index}\n{lines}\n{self.signed.note}"


@dataclass(frozen=True, slots=True)
class GrowthProof:
    """That the tree of a checkpoint begins with the tree of `old` leaves."""

    old: int
    steps: tuple[bytes, ...]
    signed: SignedCheckpoint

    def __str__(self) -> str:
        return f"old {self.old}\n{_lines(self.steps)}\n{self.signed.note}"


def read_event_proof(text: str) -> EventProof:
    """Return the proof that a text spells, nothing verified; raises `NoteUnreadable`."""
    head, *lines = _head(text)
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = decode_base64(lines.pop(0).removeprefix("extra "))
    if head != PROOF_HEAD or not lines or not lines[0].startswith("index "):
        raise NoteUnreadable(f"A proof begins with the lines {PROOF_HEAD} and index.")
    index = read_number(lines[0].removeprefix("index "))
    return EventProof(index, decoded(lines[1:]), _checkpoint(text), extra)


def read_growth_proof(text: str) -> GrowthProof:
    """Return the proof that a text spells, nothing verified; raises `NoteUnreadable`."""
    head, *lines = _head(text)
    if not head.startswith("old "):
        raise NoteUnreadable("A proof of growth begins with a line such as: old 1200.")
    return GrowthProof(read_number(head.removeprefix("old ")), decoded(lines), _checkpoint(text))


def encoded(hashes: Sequence[bytes]) -> list[str]:
    """Return hashes in base64."""
    return [base64.b64encode(one).decode() for one in hashes]


def decoded(texts: Sequence[str]) -> tuple[bytes, ...]:
    """Return the hashes of a proof from base64; raises `NoteUnreadable`."""
    hashes = tuple(map(decode_base64, texts))
    if len(hashes) > MOST_STEPS or any(len(one) != HASH_BYTES for one in hashes):
        raise NoteUnreadable("A proof has at most 63 hashes of 32 bytes.")
    return hashes


def _head(text: str) -> list[str]:
    return text.partition("\n\n")[0].split("\n")


def _checkpoint(text: str) -> SignedCheckpoint:
    return read_checkpoint(text.partition("\n\n")[2])


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(f"{line}\n" for line in encoded(hashes))
