"""The stored part of the tree of the tenant in scope: reading blocks of it, and adding runs."""

from collections import OrderedDict
from collections.abc import Sequence

from sqlalchemy import insert, select

from app.audit.proof.broken import SealBroken
from app.audit.proof.hashing import HASH_BYTES
from app.audit.proof.models import AuditTreeRun
from app.audit.proof.tree import BLOCK, Run
from app.kernel.database import current_session, scope_of

# Some 8 KB each; enough for the right edge of a tree and a neighbourhood to walk through.
CACHED_BLOCKS = 64


class KeptTree:
    """Reads hashes of one tree, block by block (see `tree.ReadHashes`).

    Belongs to one transaction: what is added later is not seen in a block that was read.
    """

    def __init__(self) -> None:
        self._blocks: OrderedDict[tuple[int, int], tuple[bytes, ...]] = OrderedDict()

    def __call__(self, level: int, start: int, end: int) -> Sequence[bytes]:
        """Return the hashes `start` up to and without `end` of a level; raises `SealBroken`."""
        block, first = start // BLOCK, start // BLOCK * BLOCK
        hashes = self._block(level, block)[start - first : end - first]
        if len(hashes) < end - start:
            raise SealBroken(
                f"The stored tree lacks hashes, from {start + len(hashes):,} of level {level} on."
            )
        return hashes

    def _block(self, level: int, block: int) -> tuple[bytes, ...]:
        found = self._blocks.get((level, block))
        if found is None:
            found = self._blocks[level, block] = tuple(_read(level, block))
            if len(self._blocks) > CACHED_BLOCKS:
                self._blocks.popitem(last=False)
        return found


def add_runs(runs: Sequence[Run]) -> None:
    """Store runs of the tenant in scope, in the open transaction."""
    session = current_session()
    tenant_id = scope_of(session).tenant_id
    rows = [
        {
            "tenant_id": tenant_id,
            "level": run.level,
            "position": run.position,
            "hashes": b"".join(run.hashes),
        }
        for run in runs
    ]
    session.execute(insert(AuditTreeRun), rows)


def _read(level: int, block: int) -> list[bytes]:
    """Return the hashes of a block from its first one on, as far as they follow one another."""
    statement = (
        select(AuditTreeRun.position, AuditTreeRun.hashes)
        .where(
            AuditTreeRun.level == level,
            AuditTreeRun.position >= block * BLOCK,
            AuditTreeRun.position < (block + 1) * BLOCK,
        )
        .order_by(AuditTreeRun.position)
    )
    found: list[bytes] = []
    for position, packed in current_session().execute(statement):
        if position != block * BLOCK + len(found):
            break
        found += [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)]
    return found
