"""A checkpoint that somebody kept, against what the log says now."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.audit.proof.checkpoints import Checkpoint, SignedCheckpoint
from app.audit.proof.evidence import GrowthProof
from app.audit.proof.hashing import EMPTY_ROOT
from app.audit.proof.notes import NoteWrong, VerifierKey
from app.audit.proof.tree_checks import ProofWrong, check_consistency
from app.audit.proof.verifier.report import Report


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
