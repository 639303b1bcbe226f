"""The life of a summary."""

import pytest

from app.summaries.errors import WrongState
from app.summaries.states import PENDING, TONES, TRANSITIONS, RejectReason, Status, demand_move

ALLOWED = {
    ("requested", "drafting"),
    ("requested", "failed"),
    ("requested", "cancelled"),
    ("drafting", "in_review"),
    ("drafting", "failed"),
    ("drafting", "cancelled"),
    ("in_review", "approved"),
    ("in_review", "rejected"),
    ("in_review", "caught"),
    ("in_review", "missed"),
    ("failed", "requested"),
    ("approved", "withdrawn"),
}


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("to", Status)
def test_only_the_known_steps_are_taken(now, to):
    if (now.value, to.value) in ALLOWED:
        demand_move(now, to)
    else:
        with pytest.raises(WrongState):
            demand_move(now, to)


def test_what_is_signed_stays_signed_or_is_withdrawn_for_good():
    assert TRANSITIONS[Status.APPROVED] == {Status.WITHDRAWN}
    for end in (Status.WITHDRAWN, Status.CAUGHT, Status.MISSED, Status.REJECTED):
        assert TRANSITIONS[end] == frozenset()


def test_every_state_has_its_row_and_its_tone():
    assert TRANSITIONS.keys() == TONES.keys() == set(Status)
    assert {Status.REQUESTED, Status.DRAFTING} == PENDING


def test_every_reason_has_words():
    assert all(reason.label for reason in RejectReason)
