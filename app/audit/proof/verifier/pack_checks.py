"""Checking a pack: its files, its checkpoint, its leaves, and what came before it."""

from collections.abc import Collection, Iterator

from app.audit.proof.checkpoints import SignedCheckpoint
from app.audit.proof.notes import NoteWrong, VerifierKey
from app.audit.proof.tree_checks import ProofWrong, check_consistency
from app.audit.proof.verifier.kept import Known, check_kept
from app.audit.proof.verifier.leaf_pass import LeafPass
from app.audit.proof.verifier.pack_files import Pack
from app.audit.proof.verifier.packed_events import PackedEvent
from app.audit.proof.verifier.report import Report
from app.audit.proof.verifier.trust import Trust


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
