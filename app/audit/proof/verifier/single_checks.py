"""Checking what is no pack: the proof of one event, a proof of growth, checkpoints alone."""

from collections.abc import Collection

from app.audit.proof.checkpoints import Checkpoint, SignedCheckpoint, read_checkpoints
from app.audit.proof.evidence import EventProof, GrowthProof, read_event_proof, read_growth_proof
from app.audit.proof.hashing import EMPTY_ROOT
from app.audit.proof.notes import NoteWrong, VerifierKey
from app.audit.proof.tree_checks import ProofWrong, root_of_inclusion
from app.audit.proof.verifier.kept import Known, check_kept
from app.audit.proof.verifier.packed_events import Unsealed, read_line
from app.audit.proof.verifier.reading import read_object
from app.audit.proof.verifier.report import Report, Unreadable
from app.audit.proof.verifier.trust import Trust


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
