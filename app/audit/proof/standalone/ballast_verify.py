"""Check evidence from an audit log of Ballast, without Ballast and without a network.

    python3 ballast_verify.py EVIDENCE [--key KEY] [--kept CHECKPOINTS] [--proof PROOF]

Needs Python 3.11 or newer and the package `cryptography`. Apache License 2.0.

Assembled from the modules of Ballast that do the same there; each section names its module.
What the formats are is in docs/audit-proof.md of Ballast.
"""

import argparse
import base64
import binascii
import hashlib
import json
import math
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.stdout.write("It needs a package: python3 -m pip install cryptography\n")
    raise SystemExit(2) from None

# --- app.audit.proof.hashing ----------------------------------------------------------------------
#
# The hashes of the tree (RFC 6962, section 2.1): leaves and nodes can never be confused.

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over 0x00 and its content."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node: SHA-256 over 0x01 and the hashes of its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


# --- app.audit.proof.notes ------------------------------------------------------------------------
#
# Signed notes (c2sp.org/signed-note): a text, and lines of signatures under it.
#
# A note may carry signatures of keys that we do not know, such as those of witnesses; they say
# nothing to us and harm nothing. A signature of a key that we do know has to be right.

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


# --- app.audit.proof.checkpoints ------------------------------------------------------------------
#
# Checkpoints (c2sp.org/tlog-checkpoint): whose log it is, how long, and the root of its tree.

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


# --- app.audit.proof.evidence ---------------------------------------------------------------------
#
# Evidence as text: the proof of one event, and the proof that a log only grew.
#
# The first is a c2sp.org/tlog-proof; the second is what a c2sp.org/tlog-witness is sent.

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


# --- app.audit.proof.tree_checks ------------------------------------------------------------------
#
# Checking proofs of the tree: what somebody needs who has only a root (RFC 9162, 2.1.3, 2.1.4).


class ProofWrong(Exception):
    """A proof does not lead where it should."""


class Frontier:
    """The root of a tree that is read from left to right, in the memory of one path.

    Takes leaves and complete subtrees; whatever is missing between two of them is noticed.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, bits: int, position: int, hash_: bytes) -> None:
        """Add the complete subtree of 2**bits leaves with that position; raises `ProofWrong`."""
        if position << bits != self.size:
            raise ProofWrong(f"leaf {self.size} is not where it should be")
        self.size += 1 << bits
        while self._peaks and self._peaks[-1][0] == bits:
            hash_ = node_hash(self._peaks.pop()[1], hash_)
            bits += 1
        self._peaks.append((bits, hash_))

    def root(self) -> bytes:
        """Return the root of what was added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        *others, (_, found) = self._peaks
        for _, peak in reversed(others):
            found = node_hash(peak, found)
        return found


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to; raises `ProofWrong` for a misshapen one.

    `leaf` is the hash of the leaf. The proof is right when the result is a root that is trusted.
    """
    if not 0 <= index < size:
        raise ProofWrong(f"a log of {size} has no leaf {index}")
    found, place, last = leaf, index, size - 1
    for step in proof:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if place % 2 or place == last:
            found = node_hash(step, found)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is too short")
    return found


def check_consistency(
    old: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of `size` begins with the tree of `old`; raises `ProofWrong`."""
    if old > size:
        raise ProofWrong(f"a log of {size} cannot contain one of {old}")
    if old in (0, size):
        if proof:
            raise ProofWrong("the proof is too long")
        if old_root != (new_root if old else EMPTY_ROOT):
            raise ProofWrong("the roots differ")
        return
    first_root, second_root = _roots_of_consistency(old, old_root, size, proof)
    if first_root != old_root or second_root != new_root:
        raise ProofWrong("the roots differ")


def _roots_of_consistency(
    old: int, old_root: bytes, size: int, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the roots of both trees as the proof has them."""
    # Where the old tree is complete, its root is the first piece, and not sent.
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        raise ProofWrong("the proof is too short")
    place, last = old - 1, size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if place % 2 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is too short")
    return first, second


# --- app.audit.proof.verifier.report --------------------------------------------------------------
#
# What a check found, in words for whoever asked.

MOST_FINDINGS = 20


class Unreadable(Exception):
    """The evidence cannot be read, or not be checked with what was given; says what to do."""


@dataclass(slots=True)
class Report:
    """Findings in the order in which they were made: what is right, and what is wrong."""

    lines: list[str] = field(default_factory=list)
    wrong: int = 0
    unchecked: int = 0
    first_fault: str | None = None

    def right(self, words: str) -> None:
        """Add something that was checked and is as it should be."""
        self.lines.append(f"  ok     {words}")

    def remark(self, words: str) -> None:
        """Add something that the reader should know."""
        self.lines.append(f"  note   {words}")

    def fault(self, words: str) -> None:
        """Add something that is not as it should be; of very many only the first are shown."""
        self.wrong += 1
        self.first_fault = self.first_fault or words
        if self.wrong <= MOST_FINDINGS:
            self.lines.append(f"  WRONG  {words}")

    def leave_open(self, words: str) -> None:
        """Add something that was asked for and could not be checked; says what is needed."""
        self.unchecked += 1
        self.lines.append(f"  open   {words}")

    @property
    def exit_code(self) -> int:
        """0 when all is right, 1 when something is wrong, 2 when something could not be checked."""
        return 1 if self.wrong else 2 if self.unchecked else 0

    def __str__(self) -> str:
        lines = list(self.lines)
        if self.wrong > MOST_FINDINGS:
            lines.append(f"  WRONG  … and {self.wrong - MOST_FINDINGS:,} more")
        return "\n".join([*lines, _VERDICTS[self.exit_code]])


_VERDICTS = (
    "RIGHT: this is what was sealed.",
    "WRONG: this is not what was sealed.",
    "OPEN: not everything could be checked.",
)


# --- app.audit.proof.verifier.kept ----------------------------------------------------------------
#
# A checkpoint that somebody kept, against what the log says now.


@dataclass(slots=True)
class Known:
    """Roots that a log had at earlier sizes, as far as something proves them for a checkpoint."""

    proofs: tuple[GrowthProof, ...] = ()
    _roots: dict[tuple[Checkpoint, int], bytes] = field(default_factory=dict)

    def add(self, now: Checkpoint, size: int, root: bytes) -> None:
        """Add that the log of this checkpoint had that root when it was so long."""
        self._roots[now, size] = root

    def continues(self, then: Checkpoint, now: Checkpoint) -> bool | None:
        """Say whether the log of `now` begins with that of `then`; None when nothing tells."""
        if then.size in (0, now.size):
            return then.root == (now.root if then.size else EMPTY_ROOT)
        root = self._roots.get((now, then.size))
        if root is not None:
            return then.root == root
        for proof in self.proofs:
            if (proof.old, proof.signed.checkpoint) == (then.size, now):
                return _proves(proof, then, now)
        return None


def check_kept(
    kept: SignedCheckpoint,
    now: Checkpoint,
    keys: Collection[VerifierKey],
    known: Known,
    report: Report,
) -> None:
    """Report whether a log continues a checkpoint that was kept outside of it."""
    then = kept.checkpoint
    name = f"the checkpoint of {then.size:,} events that you kept"
    if then.origin != now.origin:
        report.fault(f"{name} is of another log, {then.origin}")
        return
    try:
        kept.signed_by(keys)
    except NoteWrong as reason:
        report.remark(f"{name}: {reason}; it is taken as you kept it")
    if then.size > now.size:
        report.fault(
            f"the log has {now.size:,} events, {name} has more: the log was cut or set back,"
            " or this evidence is older than what you kept"
        )
        return
    continued = known.continues(then, now)
    if continued is None:
        report.leave_open(
            f"{name}: there is no proof from {then.size} to {now.size}; download it from the page"
            " of the seal and give it with --proof"
        )
    elif continued:
        report.right(f"it continues {name}")
    else:
        report.fault(f"it does not continue {name}: there are two histories")


def _proves(proof: GrowthProof, then: Checkpoint, now: Checkpoint) -> bool:
    try:
        check_consistency(then.size, then.root, now.size, now.root, proof.steps)
    except ProofWrong:
        return False
    return True


# --- app.audit.proof.canonical --------------------------------------------------------------------
#
# Canonical JSON (RFC 8785): one value, one spelling, so that its hash means something.

# Up to here every integer is a double; beyond, neighbours share one (RFC 8785, 3.2.2.3).
_EXACT = 2**53
# ECMAScript writes numbers plainly below 10**21 and down to 10**-6 (Number::toString).
_PLAIN_DIGITS = 21
_PLAIN_ZEROS = 6

# Control characters, quotes and backslashes escaped as ECMAScript does, all else as it is.
_quote = json.encoder.encode_basestring


class NotCanonical(ValueError):
    """The value has no canonical spelling; the text says why."""


def canonical_json(value: object) -> bytes:
    """Return the one spelling of a JSON value, in UTF-8.

    Takes what `json.loads` gives. Raises `NotCanonical` for NaN and infinities, for halves of
    surrogate pairs, for integers that no double spells, and for what is no JSON value.
    """
    try:
        return spell_text(spell(value))
    except RecursionError:
        raise NotCanonical("The value is nested too deeply.") from None


def spell_text(text: str) -> bytes:
    """Return text in UTF-8; raises `NotCanonical` for half of a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("Text holds half of a surrogate pair.") from None


def in_order(members: Iterable[str]) -> list[str]:
    """Return the names of an object's members in their order: by UTF-16 code units."""
    names = list(members)
    # That order and Python's own differ only where something lies beyond U+D7FF.
    if all(map(str.isascii, names)):
        return sorted(names)
    return sorted(names, key=lambda name: name.encode("utf-16-be", "surrogatepass"))


def spell(value: Any) -> str:  # noqa: ANN401  JSON is whatever somebody sent
    """Return the one spelling of a JSON value as text; raises `NotCanonical`."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(spell, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(_members(value))}}}"
    raise NotCanonical(f"{type(value).__name__} is no JSON value.")


def _members(value: dict[Any, Any]) -> list[str]:
    if not all(isinstance(name, str) for name in value):
        raise NotCanonical("A member of an object has a name that is no text.")
    return [f"{_quote(name)}:{spell(value[name])}" for name in in_order(value)]


def _number(value: float) -> str:
    if isinstance(value, int):
        if -_EXACT <= value <= _EXACT:
            return str(value)
        value = _double(value)
    if not math.isfinite(value):
        raise NotCanonical("NaN and infinities are no JSON numbers.")
    if value == 0:
        return "0"
    return _ecmascript(value)


def _double(value: int) -> float:
    """Return the double that is spelled like the integer; databases give 1e300 back as one."""
    try:
        double = float(value)
    except OverflowError:
        double = math.inf
    if not math.isfinite(double) or int(Decimal(repr(double))) != value:
        raise NotCanonical("An integer is beyond what JSON numbers hold exactly.")
    return double


def _ecmascript(value: float) -> str:
    """Return a number as ECMAScript's Number::toString does.

    Python's `repr` finds the same shortest digits, and places point and exponent otherwise.
    """
    sign, digit_tuple, exponent = Decimal(repr(value)).normalize().as_tuple()
    if not isinstance(exponent, int):
        raise NotCanonical("NaN and infinities are no JSON numbers.")
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + exponent
    minus = "-" if sign else ""
    if 0 < point <= _PLAIN_DIGITS:
        whole = digits[:point].ljust(point, "0")
        fraction = digits[point:]
        return f"{minus}{whole}.{fraction}" if fraction else minus + whole
    if -_PLAIN_ZEROS < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{minus}{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"


# --- app.audit.proof.content ----------------------------------------------------------------------
#
# The content of a leaf: an event as JSON, with a commitment in place of each personal value.
#
# A commitment binds to a value without holding it: SHA-256 over a salt and the value. Whoever has
# the event with its salt checks every value; when a person is erased, the values and the salts go,
# the commitments stay, and the leaf, its hash and every proof are what they were.

LEAF_FORMAT = "ballast-leaf/1"
SALT_BYTES = 16

Document = dict[str, Any]
# Spells a personal value as JSON, given its JSON Pointer and the value.
Hide = Callable[[str, Any], str]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What opens the commitments of one event.

    `salt` is the event's own, 16 random bytes. After an erasure there is none: `kept` holds the
    salts of the values that stayed, `erased` the commitments to those that went, both in hex by
    the JSON Pointer of the value.
    """

    salt: bytes | None
    kept: Mapping[str, str] = field(default_factory=dict)
    erased: Mapping[str, str] = field(default_factory=dict)


class Unopenable(ValueError):
    """A value has no salt; or it was erased, and is there."""


def field_salt(salt: bytes, pointer: str) -> bytes:
    """Return the salt of one value: SHA-256 over its JSON Pointer, 0x00 and the event's salt.

    Each value has its own, so that some can be erased while others are still shown and checked.
    """
    return sha256(pointer.encode() + b"\x00" + salt).digest()


def commitment(salt_of_field: bytes, value: object) -> str:
    """Return the commitment to a value: SHA-256 over its salt and its canonical JSON, in hex."""
    return sha256(salt_of_field + canonical_json(value)).hexdigest()


def leaf_content(document: Document, secrets: Secrets) -> bytes:
    """Return the bytes that the leaf of an event is made of: canonical JSON.

    `document` is the event as packs hold it (see docs/audit-proof.md). Raises `Unopenable`,
    `NotCanonical`, and `KeyError`, `TypeError` or `AttributeError` for what is no such document.
    """
    hide = _with_salt(secrets.salt) if secrets.salt is not None else _without_salt(secrets)
    return spell_text(_content(document, hide))


def personal_values(document: Document) -> dict[str, Any]:
    """Return the personal values of an event by their JSON Pointers; absent ones are left out."""
    found: dict[str, Any] = {}

    def note(pointer: str, value: object) -> str:
        if value is not None:
            found[pointer] = value
        return "null"

    _content(document, note)
    return found


def _content(event: Document, hide: Hide) -> str:
    """Return the canonical JSON of an event, each personal value as `hide` spells it.

    Written out in the order of its names, because every event that comes in passes here.

    Every value of `changes` and `metadata` counts as personal, whatever its event type says:
    what nobody took for personal when it was written may turn out to be, and has to go then.
    """
    actor, source = event["actor"], event["source"]
    return (
        f'{{"action":{spell(event["action"])}'
        f',"actor":{{"id":{hide("/actor/id", actor["id"])}'
        f',"name":{hide("/actor/name", actor["name"])},"type":{spell(actor["type"])}}}'
        f',"changes":{{{",".join(_changes(event["changes"], hide))}}}'
        f',"format":"{LEAF_FORMAT}","id":{spell(event["id"])}'
        f',"metadata":{{{",".join(_metadata(event["metadata"], hide))}}}'
        f',"occurred_at":{spell(event["occurred_at"])},"outcome":{spell(event["outcome"])}'
        f',"reason":{hide("/reason", event["reason"])}'
        f',"received_at":{spell(event["received_at"])}'
        f',"received_from":{spell(event["received_from"])}'
        f',"release":{spell(event["release"])},"request_id":{spell(event["request_id"])}'
        f',"retention":{spell(event["retention"])}'
        f',"source":{{"ip":{hide("/source/ip", source["ip"])}'
        f',"session":{hide("/source/session", source["session"])}'
        f',"user_agent":{hide("/source/user_agent", source["user_agent"])}}}'
        f',"targets":[{",".join(_targets(event["targets"], hide))}]'
        f',"tenant":{spell(event["tenant"])},"version":{spell(event["version"])}}}'
    )


def _changes(changes: Document, hide: Hide) -> Iterator[str]:
    for name in in_order(changes):
        pointer, change = f"/changes/{escaped(name)}", changes[name]
        after = hide(f"{pointer}/after", change["after"])
        before = hide(f"{pointer}/before", change["before"])
        yield f'{spell(name)}:{{"after":{after},"before":{before}}}'


def _metadata(metadata: Document, hide: Hide) -> Iterator[str]:
    for name in in_order(metadata):
        yield f"{spell(name)}:{hide(f'/metadata/{escaped(name)}', metadata[name])}"


def _targets(targets: list[Document], hide: Hide) -> Iterator[str]:
    for place, target in enumerate(targets):
        id_ = hide(f"/targets/{place}/id", target["id"])
        name = hide(f"/targets/{place}/name", target["name"])
        yield f'{{"id":{id_},"name":{name},"type":{spell(target["type"])}}}'


def _with_salt(salt: bytes) -> Hide:
    ending = b"\x00" + salt

    def hide(pointer: str, value: object) -> str:
        if value is None:
            return "null"
        salt_of_field = sha256(pointer.encode() + ending).digest()
        return f'"{sha256(salt_of_field + spell_text(spell(value))).hexdigest()}"'

    return hide


def _without_salt(secrets: Secrets) -> Hide:
    def hide(pointer: str, value: object) -> str:
        if pointer in secrets.erased:
            if value is not None:
                raise Unopenable(f"{pointer} was erased, and yet there is a value.")
            return spell(secrets.erased[pointer])
        if value is None:
            return "null"
        if pointer not in secrets.kept:
            raise Unopenable(f"There is no salt for {pointer}.")
        return f'"{commitment(bytes.fromhex(secrets.kept[pointer]), value)}"'

    return hide


def escaped(name: str) -> str:
    """Return a name as a part of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name


# --- app.audit.proof.verifier.packed_events -------------------------------------------------------
#
# One line of a pack: an event with what opens its commitments, and the leaf it was sealed as.

_EVENT_NAMES = {
    "tenant", "id", "occurred_at", "received_at", "actor", "action", "outcome", "targets",
    "source", "request_id", "reason", "changes", "metadata", "version", "received_from",
    "release", "retention",
}  # fmt: skip
_PARTY_NAMES = {"type", "id", "name"}
_SOURCE_NAMES = {"ip", "session", "user_agent"}
_CHANGE_NAMES = {"before", "after"}
_LINE_NAMES = {"leaf", "leaf_hash", "event", "salt", "kept", "erased", "deleted"}


@dataclass(frozen=True, slots=True)
class PackedEvent:
    """A leaf of the log. `document` is None where the event itself is not there (any more).

    `sealed` is the hash that the tree has for the leaf; `deleted` the id of the event that
    records why the event is gone.
    """

    leaf: int
    sealed: bytes
    document: Document | None
    secrets: Secrets = field(default_factory=lambda: Secrets(None))
    deleted: str | None = None

    @property
    def name(self) -> str:
        """What a reader finds it by."""
        event = self.document or {}
        known = [str(event[key])[:80] for key in ("id", "action") if key in event]
        return f"leaf {self.leaf:,}" + (f" (event {', '.join(known)})" if known else "")

    def content_hash(self) -> bytes:
        """Return the leaf hash that the event has now; raises `Unsealed` when it has none."""
        if self.document is None:
            raise Unsealed("the event is gone or cannot be read, and nothing says why")
        try:
            _demand_shape(self.document)
            return leaf_hash(leaf_content(self.document, self.secrets))
        except Unopenable as error:
            raise Unsealed(str(error)) from None
        except (NotCanonical, LookupError, TypeError, AttributeError, ValueError, RecursionError):
            raise Unsealed("what stands there is no event that was ever sealed") from None


class Unsealed(Exception):
    """An event has no leaf hash; says why."""


def write_line(event: PackedEvent) -> bytes:
    """Return the line of a pack."""
    line: dict[str, Any] = {"leaf": event.leaf, "leaf_hash": event.sealed.hex()}
    if event.deleted is not None:
        line["deleted"] = event.deleted
    else:
        line["event"] = event.document
        secrets = event.secrets
        if secrets.salt is not None:
            line["salt"] = secrets.salt.hex()
        else:
            line |= {"kept": dict(secrets.kept), "erased": dict(secrets.erased)}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_line(line: dict[str, Any], where: str) -> PackedEvent:
    """Return the leaf that a line describes; raises `Unreadable`, naming the place."""
    leaf, event, deleted = line.get("leaf"), line.get("event"), line.get("deleted")
    fits = (
        line.keys() <= _LINE_NAMES
        and isinstance(leaf, int)
        and leaf >= 0
        and isinstance(event, dict | None)
        and isinstance(deleted, str | None)
    )
    if not fits or not isinstance(leaf, int):
        raise Unreadable(f"{where} is no line of a pack.")
    sealed = _bytes(line.get("leaf_hash"), where)
    if len(sealed) != HASH_BYTES:
        raise Unreadable(f"{where} has no leaf hash of 32 bytes.")
    # A salt of another length opens nothing, and the hash will say so.
    salt = _bytes(line["salt"], where) if "salt" in line else None
    kept, erased = _texts(line.get("kept", {}), where), _texts(line.get("erased", {}), where)
    return PackedEvent(leaf, sealed, event, Secrets(salt, kept, erased), deleted)


def _demand_shape(document: Document) -> None:
    """Refuse what no leaf commits to: whoever reads the pack must not take it for sealed."""
    parts = [
        (document, _EVENT_NAMES),
        (document["actor"], _PARTY_NAMES),
        (document["source"], _SOURCE_NAMES),
    ]
    parts += [(target, _PARTY_NAMES) for target in document["targets"]]
    parts += [(change, _CHANGE_NAMES) for change in document["changes"].values()]
    for part, names in parts:
        if part.keys() != names:
            raise Unsealed("it has parts that no event has, or lacks some")


def _bytes(value: object, where: str) -> bytes:
    try:
        return bytes.fromhex(value if isinstance(value, str) else "-")
    except ValueError:
        raise Unreadable(f"{where} holds something that is not hex.") from None


def _texts(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Unreadable(f"{where} is no line of a pack.")
    return value


# --- app.audit.proof.verifier.deletions -----------------------------------------------------------
#
# Events that were deleted on purpose: each has to be named by a record that is itself sealed.

# What the app writes when it deletes events: their number, and the hash of their leaves' list.
DELETED_ACTION = "audit_event.deleted"
COUNT, DIGEST = "leaves", "leaves_sha256"


class LeafList:
    """A list of leaves in rising order, as its length and its hash."""

    def __init__(self) -> None:
        self.count = 0
        self._hasher = sha256()

    def add(self, leaf: int) -> None:
        """Add the next leaf: its number in decimal, and a newline."""
        self.count += 1
        self._hasher.update(f"{leaf}\n".encode())

    def metadata(self) -> dict[str, Any]:
        """Return what the record of the deletion says of the list."""
        return {COUNT: self.count, DIGEST: self._hasher.hexdigest()}


@dataclass(slots=True)
class Deletions:
    """The deleted leaves of a whole log, and the records that are found on the way."""

    claimed: dict[str, LeafList] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def claim(self, event: PackedEvent) -> None:
        """Note a leaf whose event is said to be deleted."""
        self.claimed.setdefault(event.deleted or "", LeafList()).add(event.leaf)

    def note(self, event: PackedEvent) -> None:
        """Note an event that was found to be sealed, if it is a record of a deletion.

        Only the app itself writes those; one that somebody delivered counts for nothing.
        """
        document = event.document or {}
        if document["action"] == DELETED_ACTION and document["received_from"] is None:
            self.records[document["id"]] = document["metadata"]

    def check(self, report: Report) -> None:
        """Report whether every deletion is recorded as it is."""
        for record, leaves in self.claimed.items():
            said = self.records.get(record)
            if said is None:
                report.fault(
                    f"{leaves.count:,} events are gone, and their record {record} is not in the log"
                )
            elif any(said.get(name) != value for name, value in leaves.metadata().items()):
                report.fault(f"the record {record} says that other events were deleted")
            else:
                report.remark(
                    f"{leaves.count:,} events were deleted, as the sealed record {record} says"
                )


# --- app.audit.proof.verifier.leaf_pass -----------------------------------------------------------
#
# The pass over the leaves of a pack: every event against its leaf, the leaves against the root.


class LeafPass:
    """Takes leaves from the first to the last; reports what is wrong with them.

    `roots` receives the root at each of the sizes that are asked for, where the pass meets it.
    """

    def __init__(self, report: Report, sizes: Collection[int]) -> None:
        self._report = report
        self._sizes = sizes
        self._frontier = Frontier()
        self._is_broken = False
        self._changed: list[tuple[PackedEvent, bytes]] = []
        self._deletions = Deletions()
        self.roots: dict[int, bytes] = {}
        self.events = 0
        self.erased = 0

    def take(self, event: PackedEvent) -> None:
        """Check one event against the hash it was sealed with, and add that to the tree."""
        self._add(0, event.leaf, event.sealed)
        if event.deleted is not None:
            self._deletions.claim(event)
            return
        self.events += 1
        self.erased += event.secrets.salt is None and bool(event.secrets.erased)
        try:
            found = event.content_hash()
        except Unsealed as reason:
            self._report.fault(f"{event.name}: {reason}")
            return
        if found == event.sealed:
            self._deletions.note(event)
        else:
            self._changed.append((event, found))

    def pass_over(self, bits: int, position: int, hash_: bytes) -> None:
        """Add leaves that are not in the pack."""
        self._add(bits, position, hash_)

    def finish(self, checkpoint: Checkpoint) -> None:
        """Report what is wrong with the events, and whether the tree is the one that is signed."""
        self._report_changes()
        self._deletions.check(self._report)
        frontier = self._frontier
        if self._is_broken:
            return
        if frontier.size != checkpoint.size:
            self._report.fault(
                f"the pack ends at leaf {frontier.size:,}; the checkpoint has {checkpoint.size:,}"
            )
        elif frontier.root() != checkpoint.root:
            self._report.fault("the leaves do not lead to the root that is signed")

    def _add(self, bits: int, position: int, hash_: bytes) -> None:
        if self._is_broken:
            return
        try:
            self._frontier.add(bits, position, hash_)
        except ProofWrong as reason:
            self._is_broken = True
            self._report.fault(f"the leaves are not one after the other: {reason}")
            return
        if self._frontier.size in self._sizes:
            self.roots[self._frontier.size] = self._frontier.root()

    def _report_changes(self) -> None:
        homes = {event.sealed: event.leaf for event, _ in self._changed}
        for event, found in self._changed:
            home = homes.get(found)
            if home is None:
                self._report.fault(f"{event.name}: it is not what was sealed; it was changed")
            else:
                self._report.fault(f"{event.name}: it was sealed as leaf {home:,}; it was moved")


# --- app.audit.proof.verifier.reading -------------------------------------------------------------
#
# Reading JSON of a stranger: nothing that two readers could understand differently.

MOST_LINE_BYTES = 8_000_000


def read_object(line: bytes, where: str) -> dict[str, Any]:
    """Return the JSON object of a line; raises `Unreadable`, naming the place."""
    try:
        value = _DECODER.decode(line.decode())
    except (ValueError, RecursionError):
        raise Unreadable(f"{where} is no JSON that can be read.") from None
    if not isinstance(value, dict):
        raise Unreadable(f"{where} is no JSON object.")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name appears twice")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)


# --- app.audit.proof.verifier.pack_files ----------------------------------------------------------
#
# The files of a pack: a ZIP whose manifest names each of the others with its SHA-256.

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


# --- app.audit.proof.verifier.trust ---------------------------------------------------------------
#
# Which keys are trusted: those that the reader brought, else those that came along.


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys that the reader has from somewhere else than the evidence."""

    keys: tuple[VerifierKey, ...] = ()

    def keys_of(self, origin: str) -> list[VerifierKey]:
        """Return the keys; what came without a name is a key of the log with that one."""
        return [key if key.name else VerifierKey(origin, key.public) for key in self.keys]

    def keys_or(
        self, brought_along: Collection[VerifierKey], origin: str, report: Report
    ) -> list[VerifierKey]:
        """Return the keys to check with, and say whose they are; raises `Unreadable` for none."""
        if self.keys:
            report.right(f"checked with the {_counted(len(self.keys))} that you gave")
            return self.keys_of(origin)
        if not brought_along:
            raise Unreadable("Give the key of the log: --key name+id+key, or --key FILE.")
        for key in brought_along:
            report.remark(f"checked with a key from the pack itself, {key}")
        report.remark("compare it with one that you have from elsewhere, and give it with --key")
        return list(brought_along)


def _counted(count: int) -> str:
    return "key" if count == 1 else f"{count} keys"


# --- app.audit.proof.verifier.pack_checks ---------------------------------------------------------
#
# Checking a pack: its files, its checkpoint, its leaves, and what came before it.


def check_pack(
    pack: Pack, trust: Trust, kept: Collection[SignedCheckpoint], known: Known, report: Report
) -> None:
    """Check everything that is in a pack, and that it continues the checkpoints that were kept.

    `known` are roots of earlier sizes that other evidence proves. Raises `Unreadable`.
    """
    signed = pack.checkpoint()
    keys = trust.keys_or(pack.keys(), signed.checkpoint.origin, report)
    try:
        signed.signed_by(keys)
    except NoteWrong as reason:
        report.fault(f"the checkpoint of the pack: {reason}")
    _check_leaves(pack, signed, {one.checkpoint.size for one in kept}, known, report)
    for earlier_size, earlier_root in _earlier(pack, signed, keys, report):
        known.add(signed.checkpoint, earlier_size, earlier_root)
    for one in kept:
        check_kept(one, signed.checkpoint, keys, known, report)
    for name in pack.changed_files():
        report.fault(f"{name} is not the file that the manifest names")


def _check_leaves(
    pack: Pack, signed: SignedCheckpoint, sizes: set[int], known: Known, report: Report
) -> None:
    leaves, checkpoint = LeafPass(report, sizes), signed.checkpoint
    before = report.wrong
    for part in _in_order(pack):
        if isinstance(part, PackedEvent):
            leaves.take(part)
        elif pack.is_whole_log:
            report.fault(f"the log is not whole: events from leaf {part[1] << part[0]:,} on lack")
            break
        else:
            leaves.pass_over(*part)
    leaves.finish(checkpoint)
    if report.wrong > before:
        return
    for size, root in leaves.roots.items():
        known.add(checkpoint, size, root)
    whole = "all" if pack.is_whole_log else "each of them is one of the"
    report.right(
        f"{leaves.events:,} events are what was sealed; {whole} {checkpoint.size:,} leaves"
        f" of {checkpoint.origin}"
    )
    if pack.manifest.get("events") != leaves.events:
        report.fault("the manifest counts other events than there are")
    if not pack.is_whole_log:
        report.remark("a pack of a query shows what is in it, not that nothing else matched")
    if leaves.erased:
        report.remark(f"{leaves.erased:,} events have erased values; their leaves are unchanged")


def _in_order(pack: Pack) -> Iterator[PackedEvent | tuple[int, int, bytes]]:
    """Yield events and the subtrees between them as they lie in the log."""
    events, subtrees = pack.events(), pack.subtrees()
    event, subtree = next(events, None), next(subtrees, None)
    while event is not None or subtree is not None:
        if subtree is None or (event is not None and event.leaf < subtree[1] << subtree[0]):
            if event is not None:
                yield event
            event = next(events, None)
        else:
            yield subtree
            subtree = next(subtrees, None)


def _earlier(
    pack: Pack, signed: SignedCheckpoint, keys: Collection[VerifierKey], report: Report
) -> Iterator[tuple[int, bytes]]:
    """Yield size and root of every earlier checkpoint that is signed and continued."""
    now, count, before = signed.checkpoint, 0, report.wrong
    for earlier in pack.earlier():
        then = earlier.signed.checkpoint
        try:
            earlier.signed.signed_by(keys)
            check_consistency(then.size, then.root, now.size, now.root, earlier.steps)
        except NoteWrong as reason:
            report.fault(f"the earlier checkpoint of {then.size:,} events: {reason}")
        except ProofWrong as reason:
            report.fault(
                f"the log does not continue its own checkpoint of {then.size:,} events: {reason}"
            )
        else:
            count += 1
            yield then.size, then.root
    if count and report.wrong == before:
        report.right(f"it continues {count:,} earlier checkpoints of its own")


# --- app.audit.proof.verifier.single_checks -------------------------------------------------------
#
# Checking what is no pack: the proof of one event, a proof of growth, checkpoints alone.


def check_event_proof(
    text: str, trust: Trust, kept: Collection[SignedCheckpoint], known: Known, report: Report
) -> None:
    """Check the proof of one event, which carries the event; raises `Unreadable`."""
    proof = read_event_proof(text)
    keys = trust.keys_or((), proof.signed.checkpoint.origin, report)
    if _is_signed(proof.signed, keys, report):
        _check_event(proof, report)
    for one in kept:
        check_kept(one, proof.signed.checkpoint, keys, known, report)


def check_growth_proof(
    text: str, trust: Trust, kept: Collection[SignedCheckpoint], report: Report
) -> None:
    """Check that a log continues the checkpoints that were kept; raises `Unreadable`."""
    proof = read_growth_proof(text)
    keys = trust.keys_or((), proof.signed.checkpoint.origin, report)
    if not kept:
        raise Unreadable("Give the checkpoint that it begins at, with --kept FILE.")
    if _is_signed(proof.signed, keys, report):
        for one in kept:
            check_kept(one, proof.signed.checkpoint, keys, Known((proof,)), report)


def check_checkpoints(
    text: str, trust: Trust, kept: Collection[SignedCheckpoint], known: Known, report: Report
) -> None:
    """Check the signatures of a file of checkpoints; raises `Unreadable`.

    Two of one size are two histories if they differ. That a longer one continues a shorter one
    takes a proof.
    """
    found = read_checkpoints(text)
    keys = trust.keys_or((), found[0].checkpoint.origin, report)
    by_size: dict[tuple[str, int], Checkpoint] = {}
    for signed in found:
        _is_signed(signed, keys, report)
        one = signed.checkpoint
        if by_size.setdefault((one.origin, one.size), one) != one:
            report.fault(f"there are two histories of {one.size:,} events of {one.origin}")
        if one.size == 0 and one.root != EMPTY_ROOT:
            report.fault("a log without events has another root")
    newest = max((signed.checkpoint for signed in found), key=lambda one: one.size)
    for one_kept in kept:
        check_kept(one_kept, newest, keys, known, report)


def _check_event(proof: EventProof, report: Report) -> None:
    checkpoint = proof.signed.checkpoint
    event = read_line(read_object(proof.extra, "The event in the proof"), "The event in the proof")
    try:
        leaf = event.content_hash()
        root = root_of_inclusion(leaf, proof.index, checkpoint.size, proof.steps)
    except Unsealed as reason:
        report.fault(f"{event.name}: {reason}")
    except ProofWrong as reason:
        report.fault(f"{event.name}: {reason}")
    else:
        if event.leaf != proof.index or leaf != event.sealed:
            report.fault(f"{event.name}: it is not what was sealed as leaf {proof.index:,}")
        elif root != checkpoint.root:
            report.fault(f"{event.name}: it is not in the log of the checkpoint")
        else:
            report.right(f"{event.name} is in {checkpoint.origin}, as it is here")


def _is_signed(signed: SignedCheckpoint, keys: Collection[VerifierKey], report: Report) -> bool:
    one = signed.checkpoint
    try:
        by = signed.signed_by(keys)
    except NoteWrong as reason:
        report.fault(f"the checkpoint of {one.size:,} events of {one.origin}: {reason}")
        return False
    names = ", ".join(key.id.hex() for key in by)
    report.right(f"the checkpoint of {one.size:,} events of {one.origin} is signed by {names}")
    return True


def read_growth_proofs(texts: Collection[str]) -> tuple[GrowthProof, ...]:
    """Return proofs of growth; raises `NoteUnreadable`."""
    return tuple(map(read_growth_proof, texts))


# --- app.audit.proof.verifier.program -------------------------------------------------------------
#
# The verifier as a program: which evidence, which keys, what was kept; words and an exit code.

CANNOT_READ = 2
MOST_BYTES = 16_000_000
USAGE = """\
Check evidence from an audit log of Ballast, without Ballast and without a network.

EVIDENCE is a pack (.zip), the proof of one event (.tlog-proof), a proof of growth, or a file
of checkpoints. Exit code 0: right. 1: wrong, and what. 2: cannot be read, or not be checked.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know: is the evidence right, and does it continue what was kept."""

    evidence: Path
    trust: Trust = field(default_factory=Trust)
    kept: tuple[SignedCheckpoint, ...] = ()
    known: Known = field(default_factory=Known)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    parser = argparse.ArgumentParser(
        "ballast_verify", description=USAGE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("evidence", metavar="EVIDENCE", type=Path)
    parser.add_argument("--key", action="append", default=[], help="a key you trust, or its file")
    parser.add_argument("--kept", action="append", default=[], help="file of checkpoints you kept")
    parser.add_argument("--proof", action="append", default=[], help="file: a proof of growth")
    given = parser.parse_args(arguments)
    try:
        report = verify(question(given.evidence, given.key, given.kept, given.proof))
    except Unreadable as error:
        sys.stdout.write(f"CANNOT READ {given.evidence.name}: {error}\n")
        return CANNOT_READ
    sys.stdout.write(f"{given.evidence.name}\n{report}\n")
    return report.exit_code


def question(
    evidence: Path, keys: Sequence[str], kept: Sequence[str], proofs: Sequence[str]
) -> Question:
    """Return what was asked for on the command line; raises `Unreadable`."""
    texts = [_text(Path(name)) for name in kept]
    try:
        checkpoints = tuple(one for text in texts for one in read_checkpoints(text))
        growth = read_growth_proofs([_text(Path(name)) for name in proofs])
        trusted = tuple(key for given in keys for key in _keys(given))
    except NoteUnreadable as error:
        raise Unreadable(f"Something that you gave is not what it should be: {error}") from None
    return Question(evidence, Trust(trusted), checkpoints, Known(growth))


def verify(asked: Question) -> Report:
    """Check evidence; raises `Unreadable` when that is impossible."""
    report = Report()
    kind = _beginning(asked.evidence)
    try:
        if kind.startswith(b"PK"):
            pack = Pack.open(asked.evidence)
            check_pack(pack, asked.trust, asked.kept, asked.known, report)
        elif kind.startswith(PROOF_HEAD.encode()):
            text = _text(asked.evidence)
            check_event_proof(text, asked.trust, asked.kept, asked.known, report)
        elif kind.startswith(b"old "):
            check_growth_proof(_text(asked.evidence), asked.trust, asked.kept, report)
        else:
            text = _text(asked.evidence)
            check_checkpoints(text, asked.trust, asked.kept, asked.known, report)
    except NoteUnreadable as error:
        raise Unreadable(str(error)) from None
    return report


def _keys(given: str) -> list[VerifierKey]:
    """Return the key that was typed, or those of a file, one a line."""
    path = Path(given)
    is_key = "+" in given or len(given) == 2 * KEY_BYTES
    lines = [given] if is_key and not path.is_file() else _text(path).splitlines()
    # The list at `/seal/keys` says more about each key than the key.
    return [read_key(line.split(" ")[0]) for line in lines if line.strip() and line[0] != "#"]


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(PROOF_HEAD))
    except OSError as error:
        raise Unreadable(f"{error.strerror}.") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) <= MOST_BYTES:
            # Windows editors end lines in their own way; a note knows only one.
            return content.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise Unreadable(f"{path.name}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is no text.") from None
    raise Unreadable(f"{path.name} is too large to be a checkpoint or a proof.")


if __name__ == "__main__":
    sys.exit(main())
