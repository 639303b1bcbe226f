"""The reads behind slices, digests and verdicts, on the real database."""

import dataclasses
import itertools
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.audit.collection import AUDIT_LOG
from app.audit.groups import MIN_BURST, GroupKey, list_exemplars, list_groups
from app.audit.queries import (
    LogSlice,
    Match,
    count_slice,
    get_totals,
    list_actor_ids,
    list_events,
    measure,
)
from app.kernel.database import NO_SCOPE, unit_of_work
from app.kernel.ids import uuid7
from app.kernel.query_language.query import parse
from app.kernel.routing import database
from app.kernel.tenant_wall import TenantScopeMissing
from app.summaries.claims.verdicts import Verdict
from app.summaries.claims.verifier import SliceReads, verify
from app.summaries.drafting.digest import make_digest
from tests.factories.audit import AuditEventFactory
from tests.summaries.logs import DAY, ELSEWHERE, LIES, MemoryLog, random_log, true_claims

SIZE = 250


def slice_of(query=""):
    return LogSlice(parse(query, AUDIT_LOG.fields), DAY, DAY + timedelta(days=1))


@pytest.fixture
def log(alder, birch):
    """The same random events in memory and in a tenant's log; others in the other tenant's."""
    events = [dataclasses.replace(e, id=uuid7()) for e in random_log(seed=5, size=SIZE).events]
    with alder.session(), unit_of_work():
        for event in events:
            store(alder, event)
    for event in events[:5]:
        with birch.session(), unit_of_work():
            store(birch, dataclasses.replace(event, id=uuid7()))
    return MemoryLog(events)


def store(world, event):
    AuditEventFactory(
        tenant_id=world.tenant.id,
        id=event.id,
        occurred_at=event.occurred_at,
        actor_id=event.actor_id,
        actor_name=event.actor_name,
        action=event.action,
        outcome=event.outcome,
        target_id=event.target_id,
        target_name=event.target_name,
        source_ip=event.source_ip,
    )


def test_database_and_memory_agree_about_every_claim_true_or_wrong(log, alder):
    claims = list(true_claims(log, seed=2, number=40))
    wrong = [
        changed
        for lie in LIES.values()
        for claim in claims[:10]
        if (changed := lie(log, *claim)) is not None
    ]

    with alder.session():
        reads = SliceReads(slice_of())
        for claim in claims:
            assert verify(*claim, reads).verdict is Verdict.SUPPORTED
        for claim in wrong:
            assert verify(*claim, reads).verdict is verify(*claim, log).verdict


def test_groups_are_the_ones_that_counting_by_hand_gives(log, alder):
    with alder.session():
        groups = list_groups(slice_of(), limit=SIZE)

    by_hand = {
        group: list(events)
        for group, events in itertools.groupby(
            sorted(log.events, key=lambda e: dataclasses.astuple(key_of(e))), key_of
        )
    }
    assert {group.key for group in groups} == by_hand.keys()
    for group in groups:
        events = by_hand[group.key]
        assert group.count == len(events)
        assert group.first == min(event.occurred_at for event in events)
        assert group.last == max(event.occurred_at for event in events)
        assert group.target_id == shared(event.target_id for event in events)
        assert group.source_ip == shared(event.source_ip for event in events)
    assert [g.by_count for g in groups] == list(range(1, len(groups) + 1))
    rates = [g for g in sorted(groups, key=lambda g: g.by_rate) if g.count >= MIN_BURST]
    assert [g.by_rate for g in rates] == list(range(1, len(rates) + 1))


def key_of(event):
    return GroupKey(event.actor_id, event.action, event.outcome)


def shared(values):
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def test_what_leaves_the_database_is_bounded(log, alder):
    with alder.session():
        groups = list_groups(slice_of(), limit=2)
        keys = [group.key for group in groups]
        exemplars = list_exemplars(slice_of(), keys, limit=3)

    # Four orders, one of them once for each of the three outcomes.
    assert len(groups) <= 2 * 6
    assert all(1 <= len(ids) <= 3 for ids in exemplars.values())


def test_exemplars_are_the_first_ones_and_the_last(log, alder):
    with alder.session():
        group = list_groups(slice_of(), limit=1)[0]
        ids = list_exemplars(slice_of(), [group.key], limit=3)[group.key]

    events = [
        e for e in log.events if (e.actor_id, e.action, e.outcome) == dataclasses.astuple(group.key)
    ]
    events.sort(key=lambda e: (e.occurred_at, e.id))
    assert ids == (events[0].id, events[1].id, events[-1].id)


def test_a_slice_ends_before_its_end(alder):
    for offset in (0, 24):
        alder.make(AuditEventFactory, occurred_at=DAY + timedelta(hours=offset))

    with alder.session():
        assert measure(slice_of()).count == 1


def test_nothing_of_another_tenant_is_read(log, alder, birch):
    with birch.session():
        assert count_slice(slice_of(), cap=1_000) == 5
        assert get_totals(slice_of()).count == 5
        assert sum(group.count for group in list_groups(slice_of(), limit=50)) == 5
        assert list_events(slice_of(), [event.id for event in log.events]) == ()
        assert list_events(slice_of(), [ELSEWHERE]) == ()


def test_without_a_tenant_nothing_is_asked(app):
    with app.app_context(), database().session(NO_SCOPE):
        for read in (measure, get_totals, lambda s: list_groups(s, limit=1)):
            with pytest.raises(TenantScopeMissing):
                read(slice_of())


def test_a_name_stands_for_an_id_only_when_one_actor_bears_it(alder):
    for actor in ("u-1", "u-2"):
        alder.make(AuditEventFactory, occurred_at=DAY, actor_id=actor, actor_name="Sam Lee")
    alder.make(AuditEventFactory, occurred_at=DAY, actor_id="u-3", actor_name="Ida Berg")

    with alder.session():
        assert list_actor_ids(slice_of(), "Ida Berg") == ("u-3",)
        assert list_actor_ids(slice_of(), "u-3") == ("u-3",)
        assert len(list_actor_ids(slice_of(), "Sam Lee")) == 2


def test_an_events_hash_is_the_same_in_every_zone_and_covers_what_is_stored(alder):
    event = alder.make(AuditEventFactory, occurred_at=DAY)

    with alder.session() as session:
        here = list_events(slice_of(), [event.id])[0].hash
        session.execute(text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
        there = list_events(slice_of(), [event.id])[0].hash
    assert here == there
    other = alder.make(AuditEventFactory, occurred_at=DAY, reason="x")
    with alder.session():
        assert list_events(slice_of(), [other.id])[0].hash != here


def test_addresses_of_both_kinds_are_matched_as_they_are_told(alder):
    for address in ("198.51.100.7", "2001:db8::1"):
        event = alder.make(AuditEventFactory, occurred_at=DAY, source_ip=address)
        with alder.session():
            assert list_events(slice_of(), [event.id])[0].source_ip == address
            assert measure(slice_of(), Match(source_ip=address)).count == 1


def test_the_same_slice_gives_the_same_digest(log, alder):
    with alder.session():
        first, second = make_digest(slice_of()), make_digest(slice_of())

    assert first.content == second.content
    assert first.events_seen <= first.totals.count == SIZE


def test_a_filtered_slice_says_nothing_of_what_is_absent(log, alder):
    with alder.session():
        whole = make_digest(slice_of()).content
        filtered = make_digest(slice_of('outcome:failure actor:"Ann Example"')).content

    assert "audit_event.exported" in whole.absent
    assert filtered.absent == ()
    assert filtered.query == "actor:… outcome:failure"
