"""Two reviewers at the same moment: exactly one of them decides, and the other reads that."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.kernel.problems import Refused
from app.summaries.queries import list_claims
from app.summaries.service.decisions import approve_summary, reject_summary
from app.summaries.signing import hash_of
from app.summaries.states import RejectReason


def decided_at_once(asked, *decisions):
    """Run the decisions of several reviewers at once; return what each came to."""
    start = Barrier(len(decisions))

    def run(role, decide):
        with asked.world.session():
            actor = asked.world.actor(role)
            start.wait(timeout=20)
            try:
                decide(actor)
            except Refused as refused:
                return refused.detail
            return None

    with ThreadPoolExecutor(len(decisions)) as pool:
        done = [pool.submit(run, *one) for one in decisions]
        return [one.result() for one in done]


@pytest.fixture
def seen(drafted):
    with drafted.world.session():
        return hash_of(drafted.row, list_claims(drafted.id))


def test_of_two_approvals_at_once_one_is_the_signature(drafted, seen):
    def approve(actor):
        approve_summary(actor, drafted.id, seen_hash=seen)

    ends = decided_at_once(drafted, ("owner", approve), ("support", approve))

    (told,) = [end for end in ends if end is not None]
    row = drafted.row
    assert row.status == "approved"
    assert f"{row.decided_by_name} has decided already: this summary is approved" in told
    assert len(drafted.world.log("summary.approved")) == 1


def test_approval_and_rejection_at_once_end_in_one_of_them(drafted, seen):
    ends = decided_at_once(
        drafted,
        ("owner", lambda actor: approve_summary(actor, drafted.id, seen_hash=seen)),
        ("support", lambda actor: reject_summary(actor, drafted.id, reason=RejectReason.WRONG)),
    )

    assert sum(end is None for end in ends) == 1
    world = drafted.world
    events = [*world.log("summary.approved"), *world.log("summary.rejected")]
    assert [event.action for event in events] == [f"summary.{drafted.row.status}"]
