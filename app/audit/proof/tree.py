"""The Merkle tree of RFC 6962 over what is stored of it: built piece by piece, proofs from it.

Stored are the hashes of leaves, and of complete subtrees of 256, 65,536, … leaves, as in C2SP
tlog-tiles: level 0 holds leaves, an entry of level n + 1 stands for 256 of level n. They never
change once they are complete; everything else follows from at most 256 of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.audit.proof.hashing import EMPTY_ROOT, node_hash

LEVEL_BITS = 8
BLOCK = 1 << LEVEL_BITS


class ReadHashes(Protocol):
    """Reads what is stored: the hashes `start` up to and without `end` of a level.

    Asked only for hashes within one block, which is 256 of them from a multiple of 256 on.
    """

    def __call__(self, level: int, start: int, end: int) -> Sequence[bytes]: ...


@dataclass(frozen=True, slots=True)
class Run:
    """Hashes of one level to be stored: neighbours from `position` on, within one block."""

    level: int
    position: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Subtree:
    """A complete subtree of 2**bits leaves, the `position`-th of its height."""

    bits: int
    position: int


def append(size: int, leaves: Sequence[bytes], read: ReadHashes) -> list[Run]:
    """Return what to store when leaves join a tree of `size`; costs as much as there are new ones.

    `leaves` are leaf hashes. `read` is asked for the part of a block that was there before.
    """
    runs: list[Run] = []
    level, first, new = 0, size, list(leaves)
    while new:
        runs += _runs(level, first, new)
        new = _completed(level, first, new, read)
        first >>= LEVEL_BITS
        level += 1
    return runs


def root(size: int, read: ReadHashes) -> bytes:
    """Return the root of the first `size` leaves (RFC 6962, 2.1)."""
    return _range_hash(0, size, read) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadHashes) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree of `size` (RFC 6962, 2.1.1).

    From the sibling of the leaf to the child of the root. Needs 0 ≤ index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} has no leaf {index}.")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_hash(middle, end, read))
            end = middle
        else:
            proof.append(_range_hash(start, middle, read))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, size: int, read: ReadHashes) -> list[bytes]:
    """Return the proof that the tree of `size` begins with the tree of `old` (RFC 6962, 2.1.2).

    Empty where both are the same, and for an old tree without leaves. Needs 0 ≤ old ≤ size.
    """
    if not 0 <= old <= size:
        raise ValueError(f"A tree of {size} does not begin with one of {old}.")
    if old in (0, size):
        return []
    proof: list[bytes] = []
    start, end = 0, size
    # Until the old tree ends where a subtree ends, that subtree is the last piece of the proof.
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range_hash(middle, end, read))
            end = middle
        else:
            proof.append(_range_hash(start, middle, read))
            start = middle
    # What both trees begin with needs no hash where it is the whole old tree.
    if start > 0:
        proof.append(_range_hash(start, end, read))
    return proof[::-1]


def covering(start: int, end: int) -> Iterator[Subtree]:
    """Yield the fewest complete subtrees that cover the leaves `start` up to and without `end`."""
    while start < end:
        aligned = (start & -start).bit_length() - 1 if start else end.bit_length()
        bits = min(aligned, (end - start).bit_length() - 1)
        yield Subtree(bits, start >> bits)
        start += 1 << bits


def subtree_hash(subtree: Subtree, read: ReadHashes) -> bytes:
    """Return the hash of a complete subtree."""
    level, bits = divmod(subtree.bits, LEVEL_BITS)
    return combined(read(level, subtree.position << bits, (subtree.position + 1) << bits))


def combined(hashes: Sequence[bytes]) -> bytes:
    """Return the root over hashes of subtrees of one height; their number is a power of two."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [node_hash(left, right) for left, right in pairs]
    return hashes[0]


def _runs(level: int, first: int, new: Sequence[bytes]) -> Iterator[Run]:
    end = first + len(new)
    while first < end:
        until = min(end, (first // BLOCK + 1) * BLOCK)
        yield Run(level, first, tuple(new[: until - first]))
        new, first = new[until - first :], until


def _completed(level: int, first: int, new: Sequence[bytes], read: ReadHashes) -> list[bytes]:
    """Return the roots of the blocks that the new hashes complete."""
    beginning = first // BLOCK * BLOCK
    end = first + len(new)
    if end < beginning + BLOCK:
        return []
    before = list(read(level, beginning, first)) if beginning < first else []
    hashes = [*before, *new]
    return [
        combined(hashes[start : start + BLOCK])
        for start in range(0, len(hashes) // BLOCK * BLOCK, BLOCK)
    ]


def _range_hash(start: int, end: int, read: ReadHashes) -> bytes:
    """Return the hash over a range of leaves that is a subtree of some RFC 6962 tree."""
    pieces = [subtree_hash(subtree, read) for subtree in covering(start, end)]
    found = pieces.pop()
    while pieces:
        found = node_hash(pieces.pop(), found)
    return found


def _split(size: int) -> int:
    """Return the largest power of two that is smaller than the size."""
    return 1 << (size - 1).bit_length() - 1
