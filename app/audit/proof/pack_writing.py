"""Writing packs: events with all that it takes to check them, as one ZIP, in little memory."""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from sqlalchemy import Select, select

from app.audit.models import AuditEvent
from app.audit.proof.deleted_leaves import recorded_deletions
from app.audit.proof.evidence import encoded
from app.audit.proof.kept_checkpoints import find_checkpoint_before, read_kept
from app.audit.proof.kept_tree import KeptTree
from app.audit.proof.keys import KeyRing
from app.audit.proof.models import AuditCheckpoint
from app.audit.proof.pack_words import SOME, WHOLE, WORDS
from app.audit.proof.proofs import packed_event
from app.audit.proof.tree import consistency_proof, covering, subtree_hash
from app.audit.proof.verifier import pack_files
from app.audit.proof.verifier.packed_events import PackedEvent, write_line
from app.kernel.database import current_session
from app.kernel.times import iso

_AT_ONCE = 500
_SPOOLED_BYTES = 4_000_000
_MOST_EARLIER = 40


@dataclass(frozen=True, slots=True)
class PackOrder:
    """What goes into a pack. `statement` selects the events; None is the whole log.

    `since` are sizes of checkpoints that the reader kept: the pack proves that it continues them.
    """

    made_at: datetime
    public_url: str
    query: str = ""
    statement: Select[AuditEvent] | None = None
    since: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """What went into a pack, and how many matching events are not sealed yet."""

    events: int
    unsealed: int


class _Archive:
    """A ZIP that is written file by file, with the hash of each."""

    def __init__(self, out: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.files: dict[str, str] = {}

    def add(self, name: str, parts: Iterator[bytes] | Sequence[bytes]) -> None:
        hasher = sha256()
        with self._zip.open(name, "w", force_zip64=True) as file:
            for part in parts:
                hasher.update(part)
                file.write(part)
        self.files[name] = hasher.hexdigest()

    def close(self) -> None:
        self._zip.close()


def write_pack(
    out: IO[bytes], order: PackOrder, checkpoint: AuditCheckpoint, keys: KeyRing
) -> Packed:
    """Write a pack of the tenant in scope under a checkpoint of it; return what is in it.

    Reads in one pass and holds some hundred events at a time. Raises `SealBroken`.
    """
    tree = KeptTree()
    origin = read_kept(checkpoint).checkpoint.origin
    archive, counted = _Archive(out), _Counted(checkpoint.size)
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as subtrees:
        leaves = (
            _whole_log(checkpoint.size, tree)
            if order.statement is None
            else _matching(order.statement, checkpoint.size, tree, counted, subtrees)
        )
        archive.add(pack_files.EVENTS, (write_line(event) for event in counted.each(leaves)))
        subtrees.seek(0)
        archive.add(pack_files.SUBTREES, subtrees)
    archive.add(pack_files.CHECKPOINT, [checkpoint.note.encode()])
    archive.add(pack_files.EARLIER, _earlier(checkpoint, order.since, tree))
    vkeys = [f"{key}\n".encode() for key in keys.verifier_keys(origin)]
    archive.add(pack_files.KEYS, vkeys)
    archive.add(pack_files.README, [_readme(order, counted, origin)])
    archive.add(pack_files.MANIFEST, [_manifest(order, counted, origin, archive.files)])
    archive.close()
    return Packed(counted.events, counted.unsealed)


class _Counted:
    """Counts events on their way into a pack."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.events = 0
        self.unsealed = 0

    def each(self, events: Iterator[PackedEvent]) -> Iterator[PackedEvent]:
        for event in events:
            self.events += event.deleted is None
            yield event


def _whole_log(size: int, tree: KeptTree) -> Iterator[PackedEvent]:
    """Yield every leaf; one whose event is gone without a record comes without an event."""
    for start in range(0, size, _AT_ONCE):
        end = min(size, start + _AT_ONCE)
        statement = select(AuditEvent).where(AuditEvent.leaf >= start, AuditEvent.leaf < end)
        rows = {row.leaf: row for row in current_session().scalars(statement)}
        deleted = recorded_deletions(start, end)
        for leaf in range(start, end):
            (sealed,) = tree(0, leaf, leaf + 1)
            row = rows.get(leaf)
            if row is not None:
                yield packed_event(row, sealed)
            else:
                record = deleted.get(leaf)
                yield PackedEvent(leaf, sealed, None, deleted=str(record) if record else None)


def _matching(
    statement: Select[AuditEvent],
    size: int,
    tree: KeptTree,
    counted: _Counted,
    subtrees: IO[bytes],
) -> Iterator[PackedEvent]:
    """Yield the events of a query in the order of their leaves; note what lies between them."""
    ordered = statement.order_by(None).order_by(AuditEvent.leaf)
    at = 0
    with closing(current_session().scalars(ordered.execution_options(yield_per=_AT_ONCE))) as rows:
        for row in rows:
            if row.leaf >= size:
                counted.unsealed += 1
                continue
            _note_subtrees(at, row.leaf, tree, subtrees)
            (sealed,) = tree(0, row.leaf, row.leaf + 1)
            at = row.leaf + 1
            yield packed_event(row, sealed)
    _note_subtrees(at, size, tree, subtrees)


def _note_subtrees(start: int, end: int, tree: KeptTree, out: IO[bytes]) -> None:
    for subtree in covering(start, end):
        (hash_text,) = encoded([subtree_hash(subtree, tree)])
        out.write(f"{subtree.bits} {subtree.position} {hash_text}\n".encode())


def _earlier(checkpoint: AuditCheckpoint, since: Sequence[int], tree: KeptTree) -> Iterator[bytes]:
    """Yield the checkpoints that the reader kept, and some before, ever further apart."""
    sizes = {*since, *(checkpoint.size - 2**power for power in range(_MOST_EARLIER))}
    done: set[int] = set()
    for size in sorted((size for size in sizes if size > 0), reverse=True):
        found = find_checkpoint_before(min(size + 1, checkpoint.size))
        if found is None:
            return
        if found.size not in done:
            done.add(found.size)
            steps = consistency_proof(found.size, checkpoint.size, tree)
            yield _json({"checkpoint": found.note, "steps": encoded(steps)}) + b"\n"


def _readme(order: PackOrder, counted: _Counted, origin: str) -> bytes:
    return WORDS.format(
        events=f"{counted.events:,}",
        origin=origin,
        size=f"{counted.size:,}",
        name="PACK.zip",
        verifier=f"{order.public_url.rstrip('/')}/seal/verifier",
        completeness=SOME if order.statement is not None else WHOLE,
    ).encode()


def _manifest(order: PackOrder, counted: _Counted, origin: str, files: dict[str, str]) -> bytes:
    whole = order.statement is None
    return _json(
        {
            "format": pack_files.PACK_FORMAT,
            "kind": pack_files.WHOLE_LOG if whole else pack_files.QUERY,
            "origin": origin,
            "made_at": iso(order.made_at),
            "query": order.query,
            "events": counted.events,
            "unsealed": counted.unsealed,
            "size": counted.size,
            "files": files,
        }
    )


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
