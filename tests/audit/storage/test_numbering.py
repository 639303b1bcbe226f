"""Every event has a number of its own, and the numbers of a tenant have no gaps."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from app.audit.heads import lock_head
from app.audit.models import AuditHead
from app.audit.store import store_events
from app.kernel.database import unit_of_work
from tests.audit.sending import Sender, an_event
from tests.audit.storage.logs import made_up, tell


def leaves(world):
    return sorted(event.leaf for event in world.log())


def head(world):
    with world.session() as session:
        return session.scalar(select(AuditHead.size))


def is_gapless(world):
    return leaves(world) == list(range(head(world)))


def test_events_are_numbered_in_the_order_they_came_in(alder):
    drafts = tell(alder, made_up(60))
    mine = [event for event in alder.log() if event.received_from == "a test"]
    by_leaf = [event.id for event in sorted(mine, key=lambda event: event.leaf)]
    assert by_leaf == [draft.id for draft in drafts]
    assert is_gapless(alder)


def test_what_was_sent_twice_has_one_number(alder):
    drafts = made_up(10)
    with alder.session() as session:
        before = head(alder) or 0
        with unit_of_work():
            assert len(store_events(session, [*drafts, *drafts[:5]])) == 10
        with unit_of_work():
            assert store_events(session, drafts) == set()
        with unit_of_work():
            store_events(session, [*drafts[3:], *made_up(4, seed=2)])
    assert head(alder) == before + 14
    assert is_gapless(alder)


def test_what_was_undone_leaves_no_gap(alder):
    with alder.session() as session:
        store_events(session, made_up(5))
        session.rollback()
        with unit_of_work():
            store_events(session, made_up(5, seed=3))
    assert is_gapless(alder)


def test_numbers_of_tenants_know_nothing_of_each_other(alder, birch):
    tell(alder, made_up(30))
    size = head(birch)
    tell(birch, made_up(3))
    assert head(birch) == size + 3
    assert is_gapless(alder)
    assert is_gapless(birch)


def test_many_senders_at_once_leave_no_gap_and_lose_nothing(app, alder):
    """Some of the events come from two senders at the same time."""
    sender = Sender(app, alder.tenant)
    events = [an_event() for _ in range(120)]
    batches = [events[start : start + 20] for start in range(0, 120, 10)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sender.post, batches))
    assert {answer.status_code for answer in answers} <= {200, 201, 207}
    assert len(sender.stored(*(event["id"] for event in events))) == 120
    assert len([event for event in alder.log() if event.action == "door.opened"]) == 120
    assert is_gapless(alder)


def test_who_writes_waits_for_who_holds_the_head(alder):
    """Numbers are given in the order in which transactions end, not in which they begin."""
    with ThreadPoolExecutor(1) as pool, alder.session() as session:
        with unit_of_work():
            lock_head(session, alder.tenant.id)
            waiting = pool.submit(tell, alder, made_up(5, seed=4))
            store_events(session, made_up(5, seed=5))
            assert not waiting.done()
        waiting.result()
    assert is_gapless(alder)
