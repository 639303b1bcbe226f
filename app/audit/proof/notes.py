"""Signed notes (c2sp.org/signed-note): a text, and lines of signatures under it.

A note may carry signatures of keys that we do not know, such as those of witnesses; they say
nothing to us and harm nothing. A signature of a key that we do know has to be right.
"""

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
ID_BYTES = 4
KEY_BYTES = 32
MOST_SIGNATURES = 64
MOST_CHARACTERS = 1_000_000

_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_BARE_KEY = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteUnreadable(ValueError):
    """The text is no signed note; says what is wrong with it."""


class NoteWrong(Exception):
    """No known key signed the note, or a signature of one does not fit."""


@dataclass(frozen=True)
class VerifierKey:
    """A public Ed25519 key with the name it signs under."""

    name: str
    public: bytes

    @cached_property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, type and key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)


def read_key(text: str) -> VerifierKey:
    """Return the key that a line such as `name+id+key` spells; raises `NoteUnreadable`.

    A line may also be the bare key in hex, as `/seal/keys` tells it; such a key has no name.
    """
    if _BARE_KEY.fullmatch(text.strip()):
        return VerifierKey("", bytes.fromhex(text.strip()))
    name, _, rest = text.strip().partition("+")
    id_text, _, key_text = rest.partition("+")
    material = decode_base64(key_text)
    if not name or " " in name or material[:1] != ED25519 or len(material) != 1 + KEY_BYTES:
        raise NoteUnreadable("That is no Ed25519 verifier key: name+id+key.")
    key = VerifierKey(name, material[1:])
    if key.id.hex() != id_text:
        raise NoteUnreadable(f"The key of {name} does not fit its id {id_text}: mistyped?")
    return key


def read_note(text: str) -> Note:
    """Return the note that a text spells, nothing about it verified; raises `NoteUnreadable`."""
    body, blank, lines = text.rpartition("\n\n")
    if len(text) > MOST_CHARACTERS or _CONTROL.search(text):
        raise NoteUnreadable("It is too long for a note, or holds control characters.")
    if not blank or not body or not lines.endswith("\n"):
        raise NoteUnreadable("A note is a text, an empty line, and lines of signatures.")
    signature_lines = lines[:-1].split("\n")
    if len(signature_lines) > MOST_SIGNATURES:
        raise NoteUnreadable("It has more signatures than anybody needs.")
    return Note(body + "\n", tuple(map(_read_signature, signature_lines)))


def signers(note: Note, keys: Collection[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Return which of the keys signed the note; raises `NoteWrong` when none did, or one not."""
    known = {(key.name, key.id): key for key in keys}
    found = []
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        try:
            public = Ed25519PublicKey.from_public_bytes(key.public)
            public.verify(line.signature, note.text.encode())
        except InvalidSignature:
            raise NoteWrong(f"the signature of {key.name} does not fit the text") from None
        found.append(key)
    if not found:
        raise NoteWrong("no known key signed it")
    return tuple(found)


def decode_base64(text: str) -> bytes:
    """Return what standard base64 spells; raises `NoteUnreadable`, also for a second spelling."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if base64.b64encode(content).decode() != text:
        raise NoteUnreadable("Something in it is not base64.")
    return content


def _read_signature(line: str) -> Signature:
    found = _SIGNATURE_LINE.fullmatch(line)
    content = decode_base64(found["signature"]) if found else b""
    if found is None or len(content) <= ID_BYTES:
        raise NoteUnreadable("A line under the empty line is no signature.")
    return Signature(found["name"], content[:ID_BYTES], content[ID_BYTES:])
