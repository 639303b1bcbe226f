"""Reading a log again: every event against its leaf, and the tree against what was signed."""

import random
from collections.abc import Sequence

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.proof.broken import SealBroken
from app.audit.proof.deleted_leaves import recorded_deletions
from app.audit.proof.findings import CheckKind, Finding
from app.audit.proof.kept_checkpoints import find_last_checkpoint, read_kept
from app.audit.proof.kept_tree import KeptTree
from app.audit.proof.keys import KeyRing
from app.audit.proof.leaves import leaf_content, leaf_hash
from app.audit.proof.models import AuditCheckpoint
from app.audit.proof.notes import NoteWrong
from app.audit.proof.stored_events import log_size, stored_event
from app.audit.proof.tree import BLOCK, combined, root
from app.kernel.database import current_session

WINDOW = 2_000
_READ_AT_ONCE = 500


def check_window(keys: KeyRing, at: float | None = None) -> Finding | None:
    """Read 2,000 neighbouring events of the tenant in scope again; None when nothing is sealed.

    `at` places the window, from 0 (the oldest events) to 1; without it chance does. The whole
    tree is compared with the last checkpoint and with one of those before it.
    """
    last = find_last_checkpoint()
    if last is None:
        return None
    share = random.random() if at is None else at  # noqa: S311  where to look is no secret
    start = int(max(0, last.size - WINDOW) * share)
    end = min(last.size, start + WINDOW)
    try:
        problem = _problem_of_checkpoint(last, keys) or _problem_of_events(start, end)
    except SealBroken as broken:
        problem = str(broken)
    return Finding(CheckKind.NIGHTLY, last.size, start, end, problem)


def _problem_of_checkpoint(last: AuditCheckpoint, keys: KeyRing) -> str | None:
    if log_size() < last.size:
        return f"The log has fewer events than the {last.size:,} that were sealed."
    tree = KeptTree()
    for checkpoint in (last, *_one_before(last)):
        name = f"the checkpoint of {checkpoint.size:,} events"
        signed = read_kept(checkpoint)
        try:
            signed.signed_by(keys.verifier_keys(signed.checkpoint.origin))
        except NoteWrong as reason:
            return f"What stands for {name}: {reason}."
        if root(checkpoint.size, tree) != checkpoint.root:
            return f"The stored tree does not lead to {name}."
    return None


def _one_before(last: AuditCheckpoint) -> Sequence[AuditCheckpoint]:
    """Return an earlier checkpoint by chance, if there is one."""
    bound = random.randint(1, last.size)  # noqa: S311  where to look is no secret
    statement = (
        select(AuditCheckpoint)
        .where(AuditCheckpoint.size >= bound, AuditCheckpoint.size < last.size)
        .order_by(AuditCheckpoint.size)
        .limit(1)
    )
    return current_session().scalars(statement).all()


def _problem_of_events(start: int, end: int) -> str | None:
    tree = KeptTree()
    for first in range(start, end, _READ_AT_ONCE):
        after = min(end, first + _READ_AT_ONCE)
        statement = select(AuditEvent).where(AuditEvent.leaf >= first, AuditEvent.leaf < after)
        rows = {row.leaf: row for row in current_session().scalars(statement)}
        gone = set(range(first, after)) - rows.keys() - recorded_deletions(first, after).keys()
        if gone:
            return f"The event of leaf {min(gone):,} is gone."
        for leaf in sorted(rows):
            problem = _problem_of_event(rows[leaf], tree)
            if problem is not None:
                return problem
    return _problem_of_blocks(start, end, tree)


def _problem_of_event(row: AuditEvent, tree: KeptTree) -> str | None:
    (sealed,) = tree(0, row.leaf, row.leaf + 1)
    try:
        found = leaf_hash(leaf_content(stored_event(row)))
    except (ValueError, TypeError, AttributeError, LookupError):
        found = b""
    if found != sealed or row.leaf_hash != sealed:
        return f"The event of leaf {row.leaf:,} ({row.id}) is not what was sealed."
    return None


def _problem_of_blocks(start: int, end: int, tree: KeptTree) -> str | None:
    """Compare the complete blocks inside the window with their roots one level up."""
    for block in range(-(-start // BLOCK), end // BLOCK):
        leaves = tree(0, block * BLOCK, (block + 1) * BLOCK)
        if combined(leaves) != tree(1, block, block + 1)[0]:
            return f"The stored tree is not made of the leaves {block * BLOCK:,} and following."
    return None
