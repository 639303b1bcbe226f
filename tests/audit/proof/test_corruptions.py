"""Corruptions of a stored log: each is found, and a log without one is right.

A small part of `python -m tests.audit.corruptions`, with every kind in it.
"""

import random

import pytest

from app.audit.proof.verifier.program import question, verify
from tests.audit.corruptions.kinds import KINDS
from tests.audit.corruptions.tally import Tally, corrupt
from tests.audit.corruptions.workshop import Workshop

COUNT = 104
# Kinds that the seal alone cannot show: whoever has the key signs what they like. These are
# found by the checkpoint that was kept outside, and by nothing else.
ONLY_BY_A_KEPT_CHECKPOINT = ("old backup", "split view", "rewrite, signed", "delete, signed")


@pytest.fixture
def shop(app, settings, alder, tmp_path):
    workshop = Workshop(app, settings.database.for_owner(), alder.tenant, tmp_path)
    with workshop.open():
        workshop.build()
        yield workshop


def test_every_corruption_is_found_and_nothing_else(shop):
    tally = Tally()
    corrupt(shop, tally, COUNT, random.Random(2026))  # noqa: S311  repeatable
    assert tally.missed == []
    assert tally.false_alarms == []
    assert set(tally.made) == set(KINDS)
    assert tally.controls > 0


@pytest.mark.parametrize("name", ONLY_BY_A_KEPT_CHECKPOINT)
def test_with_the_signing_key_only_a_kept_checkpoint_shows_it(shop, name):
    """The limit, stated as a test: with the key, and no copy outside, nobody can tell."""
    with shop.undone():
        KINDS[name](shop, random.Random(3))  # noqa: S311  repeatable
        path = shop.pack()
        with_copy = shop.judge(path)
        without = verify(question(path, shop.trusted, [], []))
    assert with_copy is not None
    assert without.exit_code == 0
