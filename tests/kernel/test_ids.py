"""Identifiers that sort by the time of their making."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.ids import uuid7

MILLISECONDS = st.integers(0, 2**48 - 1)


@given(MILLISECONDS)
def test_id_carries_its_moment_version_and_variant(at_ms):
    made = uuid7(at_ms)
    assert made.int >> 80 == at_ms
    assert (made.int >> 76) & 0xF == 7
    assert made.variant == uuid.RFC_4122


@given(MILLISECONDS, MILLISECONDS)
def test_ids_sort_like_their_moments(one, other):
    if one != other:
        assert (uuid7(one) < uuid7(other)) is (one < other)
        assert (str(uuid7(one)) < str(uuid7(other))) is (one < other)


def test_ids_of_one_moment_differ():
    assert len({uuid7(1) for _ in range(1_000)}) == 1_000
