"""RFC 6962 as it is written, slow and plain: what the real thing is compared with."""

import hashlib


def _sha(content):
    return hashlib.sha256(content).digest()


def _half(count):
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def root(leaves):
    """MTH(D), section 2.1; `leaves` are contents."""
    if not leaves:
        return _sha(b"")
    if len(leaves) == 1:
        return _sha(b"\x00" + leaves[0])
    k = _half(len(leaves))
    return _sha(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def path(index, leaves):
    """PATH(m, D[n]), section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = _half(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), root(leaves[k:])]
    return [*path(index - k, leaves[k:]), root(leaves[:k])]


def consistency(old, leaves):
    """PROOF(m, D[n]), section 2.1.2."""
    return _subproof(old, leaves, whole=True)


def _subproof(old, leaves, *, whole):
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = _half(len(leaves))
    if old <= k:
        return [*_subproof(old, leaves[:k], whole=whole), root(leaves[k:])]
    return [*_subproof(old - k, leaves[k:], whole=False), root(leaves[:k])]
