"""Passing a search on: a link that keeps its meaning, and a command that asks the same."""

import datetime as dt
import shlex
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest

from app.audit.event import EventDraft, Party
from app.audit.heads import lock_head
from app.audit.proof.deleted_leaves import record_of
from app.audit.proof.rounds import seal_round
from app.audit.reading.windows import absolute, query_of
from app.audit.removal.doors import delete_events, list_due
from app.audit.search.narrowing import TIME
from app.audit.store import store_events
from app.kernel import clock
from app.kernel.collections.declaration import Moment
from app.kernel.collections.spans import spans_of
from app.kernel.commands import Outcome
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7

NOW = dt.datetime(2026, 3, 29, 12, 30, 15, 250_000, tzinfo=dt.UTC)
HERE = Moment(NOW, ZoneInfo("Europe/Berlin"))
ELSEWHERE = Moment(NOW + dt.timedelta(days=99), ZoneInfo("Asia/Kathmandu"))


@pytest.mark.parametrize(
    "text",
    [
        "created:24h",
        "created:today",
        "created:yesterday,2026-03-01",
        "created:2026-03-29",
        "created:<24h",
        "created:>=2026-03-28 created:<2026-03-29T02:30",
        "-created:2026-03-28..2026-03-29",
        "created:>yesterday",
        "created:7d -created:1d",
        "actor:ann,-1 -outcome:denied 'it' created:30m",
    ],
)
def test_absolute_query_means_the_same_later_and_elsewhere(text):
    query = query_of(text)
    assert not query.errors
    fixed = absolute(query, HERE)
    assert until_now(spans_of(fixed, TIME, ELSEWHERE)) == until_now(spans_of(query, TIME, HERE))
    assert [t for t in fixed.terms if t.key != TIME] == [t for t in query.terms if t.key != TIME]
    assert absolute(fixed, ELSEWHERE) == fixed


def until_now(spans):
    """Return the part of the spans that is over."""
    ends = [(span.start, min(span.end or NOW, NOW)) for span in spans]
    return [(start, end) for start, end in ends if start is None or start < end]


def test_query_without_a_time_ends_now():
    assert absolute(query_of("actor:ann"), HERE).canonical() == (
        "actor:ann created:<2026-03-29T12:30:15.250000Z"
    )


def copied(page, label):
    """Return what the button beside a label copies."""
    (field,) = [
        node
        for node in page.tree.iter("input")
        if label in (node.get("aria-label") or "") or node.get("id", "").startswith(label)
    ]
    return field.get("value")


def test_link_shows_the_same_later_though_more_has_happened(alder, tell):
    tell(alder, 3, action="door.opened")
    analyst = alder.as_person("analyst")
    log = analyst.get(f"{alder.path}/audit-log", query_string={"q": "action:door created:24h"})
    link = copied(analyst.get(log.links["Share"]), "Link")
    with alder.session() as session, unit_of_work():
        party = Party("service", "controller", "Door controller")
        store_events(
            session,
            [EventDraft(uuid7(), clock.now(), party, "door.closed", Outcome.SUCCESS)],
        )
    parts = urlsplit(link)
    again = alder.as_person("auditor").get(f"{parts.path}?{parts.query}")
    assert again.rows == log.rows
    assert "door.closed" in analyst.get(f"{alder.path}/audit-log?q=action:door").words


@pytest.mark.parametrize("state", [{}, {"sort": "turned", "size": "25"}])
def test_command_asks_the_api_for_what_the_page_shows(alder, tell, reader_of, state):
    tell(alder, 30, action="door.opened", actor_name="Ann 'the key' Ruiz")
    query = {"q": "action:door actor:\"Ann 'the key' Ruiz\" created:24h", **state}
    analyst = alder.as_person("analyst")
    page = analyst.get(f"{alder.path}/audit-log", query_string=query)
    command = copied(analyst.get(f"{alder.path}/audit-log/share", query_string=query), "Command")
    words = shlex.split(command)
    assert words[:2] == ["curl", "--get"]
    assert words[2].endswith("/api/v1/events")
    assert words[3:5] == ["--header", "Authorization: Bearer $BALLAST_API_KEY"]
    pairs = [one for flag, one in zip(words[5::2], words[6::2], strict=True)]
    assert set(words[5::2]) == {"--data-urlencode"}
    answer = reader_of(alder).get(**dict(pair.split("=", 1) for pair in pairs))
    times = [dt.datetime.fromisoformat(event["occurred_at"]) for event in answer["events"]]
    assert [f"{at.day} {at:%b %H:%M:%S}" for at in times] == [row[0] for row in page.rows]


def test_address_of_a_time_that_is_over_says_so(alder, tell):
    long_ago = clock.now() - dt.timedelta(days=500)
    with alder.session() as session, unit_of_work():
        party = Party("person", "u-1", "Ann")
        drafts = [
            EventDraft(uuid7(), long_ago, party, "door.opened", Outcome.SUCCESS) for _ in range(3)
        ]
        store_events(session, drafts)
    day = f"{long_ago:%Y-%m-%d}"
    place = f"{alder.path}/audit-log?q=action:door+created:{day}"
    owner = alder.as_person("owner")
    assert len(owner.get(place).rows) == 3
    delete_old(alder)
    page = owner.get(place)
    assert page.rows == []
    assert "no longer all kept" in page.words
    assert page.links["Remove filter: Time " + day]
    assert "no longer" not in owner.get(f"{alder.path}/audit-log?q=created:24h").words


def delete_old(world):
    """Delete what is old, as its time is over: sealed, recorded, and for good."""
    with world.app.app_context():
        seal_round([world.tenant.id])
    with world.session() as session, unit_of_work():
        lock_head(session, world.tenant.id)
        leaves = list_due("standard", clock.now() - dt.timedelta(days=400))
        draft = EventDraft(
            id=uuid7(),
            occurred_at=clock.now(),
            actor=Party("system", "worker", "worker"),
            action="audit_event.deleted",
            outcome=Outcome.SUCCESS,
            metadata=record_of(leaves),
        )
        store_events(session, [draft])
        delete_events(leaves, draft.id)


def test_share_page_of_a_wrong_filter_says_where_the_mistake_is(alder):
    page = alder.as_person("analyst").get(
        f"{alder.path}/audit-log/share?q=outcome:maybe", expect=422
    )
    assert "At character 9" in page.words


def test_link_names_no_secret_and_no_person(alder):
    analyst = alder.as_person("analyst")
    page = analyst.get(f"{alder.path}/audit-log/share?q=outcome:denied")
    link = copied(page, "Link")
    assert {name for name, _value in parse_qsl(urlsplit(link).query)} == {"q"}
    assert "ballast_" not in page.text.replace("BALLAST_API_KEY", "")
