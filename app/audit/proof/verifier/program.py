"""The verifier as a program: which evidence, which keys, what was kept; words and an exit code."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.audit.proof.checkpoints import SignedCheckpoint, read_checkpoints
from app.audit.proof.evidence import PROOF_HEAD
from app.audit.proof.notes import KEY_BYTES, NoteUnreadable, VerifierKey, read_key
from app.audit.proof.verifier.kept import Known
from app.audit.proof.verifier.pack_checks import check_pack
from app.audit.proof.verifier.pack_files import Pack
from app.audit.proof.verifier.report import Report, Unreadable
from app.audit.proof.verifier.single_checks import (
    check_checkpoints,
    check_event_proof,
    check_growth_proof,
    read_growth_proofs,
)
from app.audit.proof.verifier.trust import Trust

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
