"""Checking proofs of the tree: what somebody needs who has only a root (RFC 9162, 2.1.3, 2.1.4)."""

from collections.abc import Sequence

from app.audit.proof.hashing import EMPTY_ROOT, node_hash


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
