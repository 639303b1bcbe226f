"""The digest: what is chosen, how events are shared out, and that nobody is named."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.audit.groups import EventGroup, GroupKey
from app.audit.queries import EventFact
from app.kernel.commands import Outcome
from app.summaries.claims.contract import MAX_CITED, Claim, ClaimKind, Why
from app.summaries.drafting.codebook import Codebook
from app.summaries.drafting.digest import MAX_EXEMPLARS, MAX_GROUPS, choose, share_out
from tests.summaries.logs import DAY


def groups_of(*rows):
    """Groups from (outcome, count, seconds), placed as the database places them."""
    made = [
        (GroupKey(f"u-{number}", "a.b", outcome), count, timedelta(seconds=seconds))
        for number, (outcome, count, seconds) in enumerate(rows)
    ]

    def place(rank):
        order = sorted(range(len(made)), key=lambda at: (rank(made[at]), at))
        return {at: number for number, at in enumerate(order, start=1)}

    by_count = place(lambda row: -row[1])
    by_rarity = place(lambda row: row[1])
    by_rate = place(lambda row: (row[1] < 5, -row[1] / max(row[2].total_seconds(), 1)))
    return [
        EventGroup(
            key=key,
            target_id=None,
            source_ip=None,
            count=count,
            first=DAY,
            last=DAY + span,
            by_count=by_count[at],
            by_rarity=by_rarity[at],
            by_outcome=by_count[at],
            by_rate=by_rate[at],
            of_action=count,
        )
        for at, (key, count, span) in enumerate(made)
    ]


def test_refused_and_failed_come_first_however_many_others_there_are():
    usual = [("success", 1_000 + n, 86_400) for n in range(60)]
    groups = groups_of(*usual, ("failure", 2, 5), ("denied", 1, 0))

    chosen = choose(groups, total=61_000)

    assert [each.why for each in chosen[:2]] == [Why.DENIED, Why.FAILURES]
    assert len(chosen) == MAX_GROUPS


def test_a_rare_thing_and_a_burst_are_seen_beside_the_usual():
    usual = [("success", 500, 86_400)] * 60
    groups = groups_of(*usual, ("success", 1, 0), ("success", 40, 20))

    reasons = {each.group.count: each.why for each in choose(groups, total=30_041)}

    assert reasons[1] is Why.RARE
    assert reasons[40] is Why.BURST


def test_failures_leave_room_for_the_rest():
    failing = [("failure", 10 + n, 86_400) for n in range(100)]
    groups = groups_of(*failing, ("success", 5_000, 86_400))

    assert Why.FREQUENT in {each.why for each in choose(groups, total=10_950)}


def test_nothing_is_shown_twice():
    groups = groups_of(("failure", 1, 0), ("failure", 9, 3), ("success", 7, 2))

    keys = [each.group.key for each in choose(groups, total=17)]

    assert len(keys) == len(set(keys)) == 3


def test_exemplars_are_shared_out_and_bounded():
    keys = [GroupKey(f"u-{n}", "a.b", "success") for n in range(MAX_GROUPS)]
    found = {key: tuple(UUID(int=at) for at in range(MAX_CITED)) for key in keys}

    shares = share_out(keys, found)

    assert sum(map(len, shares.values())) == MAX_EXEMPLARS
    assert min(map(len, shares.values())) == 2
    assert all(share[-1] == UUID(int=MAX_CITED - 1) for share in shares.values())


def test_a_small_slice_shows_all_its_events():
    key = GroupKey("u-1", "a.b", "success")
    ids = tuple(UUID(int=at) for at in range(5))

    assert share_out([key], {key: ids}) == {key: ids}


def claim_in_tokens(**values):
    ordinary = {
        "kind": ClaimKind.ACTIVITY,
        "actor": None,
        "action": None,
        "target": None,
        "outcome": Outcome.FAILURE,
        "ip": None,
        "count": 1,
        "first": None,
        "last": None,
        "is_complete": True,
        "event_ids": (),
    }
    return Claim(**(ordinary | values))


def test_an_answer_is_read_with_the_book_that_its_digest_was_written_with():
    book = Codebook()
    event_id = UUID(int=5)
    claim = claim_in_tokens(
        actor=book.actor("u-1"),
        action=book.action("session.started"),
        target=book.target("s-9"),
        ip=book.address("192.0.2.1"),
        first="2021-06-14T00:00:00.123456Z",
        event_ids=(book.event(event_id),),
    )

    fields, ids = book.read(claim)

    assert (fields.actor, fields.target, fields.ip) == ("u-1", "s-9", "192.0.2.1")
    assert fields.action == "session.started"
    assert fields.first == DAY + timedelta(microseconds=123_456)
    assert ids == (event_id,)


def test_actions_that_look_alike_stay_apart():
    book = Codebook()

    tokens = {book.action("a.b\u200b"), book.action("a.b"), book.action("a.b\u200b")}

    assert len(tokens) == 2
    read = {book.read(claim_in_tokens(action=token))[0].action for token in tokens}
    assert read == {"a.b", "a.b\u200b"}


def test_a_token_that_was_never_given_out_is_an_error():
    with pytest.raises(KeyError):
        Codebook().read(claim_in_tokens(actor="A7"))


def test_event_facts_carry_no_free_text():
    """Whatever is added to the facts goes to the verifier and the page, never into a prompt."""
    assert {"user_agent", "reason", "extra"}.isdisjoint(EventFact.__slots__)
