"""The tree: the same as RFC 6962 written down plainly, however it was built."""

import hashlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.proof.hashing import leaf_hash, node_hash
from app.audit.proof.tree import (
    BLOCK,
    consistency_proof,
    covering,
    inclusion_proof,
    root,
    subtree_hash,
)
from app.audit.proof.tree_checks import (
    Frontier,
    ProofWrong,
    check_consistency,
    root_of_inclusion,
)
from tests.audit.proof import naive
from tests.audit.proof.kept_hashes import KeptHashes, contents

SIZES = range(201)
SOME_SIZES = (1, 2, 3, 5, 8, 31, 32, 33, 100, 200)
BEYOND = st.integers(201, 3 * BLOCK + 40)


@pytest.fixture(scope="module")
def kept():
    """Two hundred leaves, added in pieces of different lengths."""
    leaves = contents(200)
    return KeptHashes(leaves[:1], leaves[1:3], leaves[3:64], leaves[64:200])


def test_root_is_that_of_the_standard_for_every_size(kept):
    for size in SIZES:
        assert root(size, kept) == naive.root(contents(size)), size


def test_root_of_no_leaves_is_the_hash_of_nothing(kept):
    assert root(0, kept) == hashlib.sha256().digest()


def test_inclusion_proof_of_every_leaf_is_that_of_the_standard(kept):
    for size in SOME_SIZES:
        for index in range(size):
            assert inclusion_proof(index, size, kept) == naive.path(index, contents(size))


def test_inclusion_proofs_of_every_size_lead_to_the_root(kept):
    for size in SIZES:
        expected = root(size, kept)
        for index in sorted({*range(0, size, 7), size - 1} - {-1}):
            proof = inclusion_proof(index, size, kept)
            found = root_of_inclusion(leaf_hash(f"event {index}".encode()), index, size, proof)
            assert found == expected, (index, size)


def test_consistency_proof_of_every_two_sizes_is_that_of_the_standard(kept):
    for size in SOME_SIZES:
        for old in range(1, size + 1):
            assert consistency_proof(old, size, kept) == naive.consistency(old, contents(size))


def test_consistency_proofs_of_every_size_verify(kept):
    roots = [root(size, kept) for size in SIZES]
    for size in SIZES:
        for old in sorted({*range(0, size, 7), size}):
            proof = consistency_proof(old, size, kept)
            check_consistency(old, roots[old], size, roots[size], proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (6, 5)])
def test_leaf_that_is_not_there_has_no_proof(kept, index, size):
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_proof(index, size, kept)
    with pytest.raises(ProofWrong, match="has no leaf"):
        root_of_inclusion(bytes(32), index, size, [])


def test_tree_does_not_begin_with_a_larger_one(kept):
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(6, 5, kept)
    with pytest.raises(ProofWrong, match="cannot contain"):
        check_consistency(6, bytes(32), 5, bytes(32), [])


@given(BEYOND, st.data())
@settings(max_examples=40, deadline=None)
def test_larger_tree_built_in_any_pieces_is_that_of_the_standard(size, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, size), max_size=6)))
    leaves = contents(size)
    parts = [leaves[a:b] for a, b in itertools.pairwise([0, *cuts, size])]
    kept = KeptHashes(*parts)
    expected = naive.root(leaves)
    assert root(size, kept) == expected
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, kept)
    assert proof == naive.path(index, leaves)
    assert root_of_inclusion(leaf_hash(leaves[index]), index, size, proof) == expected
    old = data.draw(st.integers(1, size))
    steps = consistency_proof(old, size, kept)
    assert steps == naive.consistency(old, leaves)
    check_consistency(old, naive.root(leaves[:old]), size, expected, steps)


def test_tree_of_three_levels_built_at_once_and_in_pieces_is_one():
    leaves = contents(BLOCK * BLOCK + BLOCK + 7)
    whole = KeptHashes(leaves)
    pieces = KeptHashes(leaves[:1000], leaves[1000:65_535], leaves[65_535:65_537], leaves[65_537:])
    assert {level: len(hashes) for level, hashes in whole.levels.items()} == {
        0: len(leaves),
        1: BLOCK + 1,
        2: 1,
    }
    assert whole.levels == pieces.levels
    frontier = Frontier()
    for position, content in enumerate(leaves):
        frontier.add(0, position, leaf_hash(content))
    assert root(whole.size, whole) == frontier.root()


def test_proof_reads_few_hashes_of_a_large_tree():
    kept = KeptHashes(contents(70_000))
    kept.reads.clear()
    inclusion_proof(40_000, 70_000, kept)
    consistency_proof(40_000, 70_000, kept)
    blocks = {(level, start // BLOCK) for level, start, _ in kept.reads}
    assert len(blocks) <= 2 * 3 * 2, "At most two blocks a level for each proof."


@given(st.integers(1, 700), st.data())
@settings(max_examples=60, deadline=None)
def test_some_leaves_and_the_subtrees_between_them_make_the_root(size, data):
    chosen = sorted(data.draw(st.sets(st.integers(0, size - 1), max_size=12)))
    leaves = contents(size)
    kept = KeptHashes(leaves)
    frontier, given_subtrees, at = Frontier(), 0, 0
    for index in [*chosen, size]:
        for subtree in covering(at, index):
            frontier.add(subtree.bits, subtree.position, subtree_hash(subtree, kept))
            given_subtrees += 1
        if index < size:
            frontier.add(0, index, leaf_hash(leaves[index]))
        at = index + 1
    assert frontier.size == size
    assert frontier.root() == naive.root(leaves)
    assert given_subtrees <= (len(chosen) + 1) * 2 * size.bit_length()


def test_gap_between_leaves_is_noticed():
    frontier = Frontier()
    frontier.add(0, 0, bytes(32))
    with pytest.raises(ProofWrong, match="leaf 1"):
        frontier.add(0, 2, bytes(32))


def test_node_cannot_pass_for_a_leaf():
    """The second preimage: a leaf whose content is the two hashes of a node has another hash."""
    one, other = leaf_hash(b"one"), leaf_hash(b"other")
    assert leaf_hash(one + other) != node_hash(one, other)
    short = KeptHashes([b"one", b"other"])
    forged = KeptHashes([one + other])
    assert root(2, short) != root(1, forged)


def test_leaf_prefix_keeps_an_inner_node_from_being_proved_as_an_event(kept):
    inner = node_hash(leaf_hash(b"event 0"), leaf_hash(b"event 1"))
    proof = inclusion_proof(0, 4, kept)[1:]
    content = leaf_hash(b"event 0") + leaf_hash(b"event 1")
    assert root_of_inclusion(inner, 0, 2, proof) == root(4, kept), "As a node it fits,"
    assert root_of_inclusion(leaf_hash(content), 0, 2, proof) != root(4, kept), "as a leaf not."


@given(st.integers(1, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_changed_proof_leads_elsewhere(size, data):
    kept = KeptHashes(contents(size))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, kept)
    changed = data.draw(st.sampled_from(_changes_of(proof)))
    leaf = leaf_hash(f"event {index}".encode())
    try:
        found = root_of_inclusion(leaf, index, size, changed)
    except ProofWrong:
        return
    assert found != root(size, kept)


@given(st.integers(2, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_changed_consistency_proof_is_refused(size, data):
    kept = KeptHashes(contents(size))
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.sampled_from(_changes_of(consistency_proof(old, size, kept))))
    with pytest.raises(ProofWrong):
        check_consistency(old, root(old, kept), size, root(size, kept), changed)


@given(st.integers(2, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_another_history_has_no_consistency_proof(size, data):
    """Two trees with one different leaf: no proof of either joins them."""
    old = data.draw(st.integers(1, size))
    place = data.draw(st.integers(0, old - 1))
    kept = KeptHashes(contents(size))
    leaves = contents(size)
    leaves[place] = b"forged"
    other = KeptHashes(leaves)
    for proof in (consistency_proof(old, size, kept), consistency_proof(old, size, other)):
        with pytest.raises(ProofWrong):
            check_consistency(old, root(old, kept), size, root(size, other), proof)


def _changes_of(proof):
    flipped = [
        [*proof[:place], bytes([step[0] ^ 1, *step[1:]]), *proof[place + 1 :]]
        for place, step in enumerate(proof)
    ]
    return [*flipped, [*proof, bytes(32)], *([proof[:-1], proof[1:]] if proof else [])]
