"""Sessions: rows in the database, each ended at once and for every copy of its cookie."""

import datetime as dt

import pytest

from app.identity.sessions import IDLE_LIFETIME, SEEN_EVERY
from app.identity.tokens import hash_secret
from app.kernel import clock
from tests.factories.identity import PASSWORD

COOKIE = "ballast"
MOMENT = dt.timedelta(seconds=30)


def is_in(visitor, world):
    return visitor.get(f"{world.path}/").heading == "Overview"


def test_secret_of_a_session_is_stored_only_as_a_hash(alder, sessions_of):
    visitor = alder.as_person("analyst")
    with visitor.client.session_transaction() as cookie:
        secret = cookie["_user_id"]
    (row,) = sessions_of(alder.people["analyst"])
    assert row.secret_hash == hash_secret(secret)
    assert secret not in {str(value) for value in vars(row).values()}


def test_every_sign_in_begins_a_session_of_its_own(alder, sessions_of):
    member = alder.people["analyst"]
    alder.as_person("analyst")
    alder.as_person("analyst")
    first, second = sessions_of(member)
    assert first.secret_hash != second.secret_hash


def test_cookie_planted_before_signing_in_is_worth_nothing_after_it(app, alder, visitor):
    """Session fixation: the cookie of before must not become the cookie of the person."""
    client = visitor.client
    client.get("/sign-in")
    planted = client.get_cookie(COOKIE).value
    token = client.get("/sign-in").text.split('name="csrf-token" content="')[1].split('"')[0]
    values = {
        "email": alder.people["owner"].email,
        "password": PASSWORD,
        "csrf_token": token,
    }
    client.post("/sign-in", data=values)
    assert client.get(f"{alder.path}/").status_code == 200
    thief = app.test_client()
    thief.set_cookie(COOKIE, planted)
    assert thief.get(f"{alder.path}/").status_code == 303


def test_sign_out_ends_the_session_for_a_copied_cookie_too(app, alder, sessions_of):
    visitor = alder.as_person("analyst")
    copied = visitor.client.get_cookie(COOKIE).value
    page = visitor.submit(visitor.get(f"{alder.path}/"), "Sign out")
    assert page.heading == "Sign in"
    (row,) = sessions_of(alder.people["analyst"])
    assert row.ended_at is not None
    thief = app.test_client()
    thief.set_cookie(COOKIE, copied)
    assert thief.get(f"{alder.path}/").status_code == 303
    assert [event.outcome for event in alder.log("session.ended")] == ["success"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda now: {"expires_at": now - MOMENT}, id="expired"),
        pytest.param(lambda now: {"ended_at": now - MOMENT}, id="ended"),
        pytest.param(lambda now: {"last_seen_at": now - IDLE_LIFETIME - MOMENT}, id="idle"),
    ],
)
def test_session_that_is_over_leads_back_to_sign_in(alder, change_sessions, change):
    visitor = alder.as_person("analyst")
    assert is_in(visitor, alder)
    change_sessions(alder.people["analyst"], **change(clock.now()))
    assert visitor.get(f"{alder.path}/people").heading == "Sign in"


def test_session_in_use_is_not_idle(alder, change_sessions, sessions_of):
    visitor = alder.as_person("analyst")
    member, now = alder.people["analyst"], clock.now()
    change_sessions(member, last_seen_at=now - IDLE_LIFETIME + MOMENT)
    assert is_in(visitor, alder)
    assert sessions_of(member)[0].last_seen_at >= now


def test_reading_pages_does_not_write_on_each(alder, sessions_of):
    visitor = alder.as_person("analyst")
    (before,) = sessions_of(alder.people["analyst"])
    is_in(visitor, alder)
    (after,) = sessions_of(alder.people["analyst"])
    assert after.last_seen_at == before.last_seen_at
    assert dt.timedelta(minutes=1) < SEEN_EVERY


def test_list_shows_own_live_sessions_only(alder, change_sessions):
    member = alder.people["analyst"]
    alder.as_person("analyst")
    change_sessions(member, last_seen_at=clock.now() - IDLE_LIFETIME - MOMENT)
    visitor = alder.as_person("analyst")
    alder.as_person("owner")
    assert len(visitor.get("/account/sessions").rows) == 1


def test_one_session_is_ended_from_another(alder):
    lost, here = alder.as_person("analyst"), alder.as_person("analyst")
    page = here.get("/account/sessions")
    assert len(page.rows) == 2
    page = here.submit(page, "End")
    assert "The session has ended." in page.words
    assert len(page.rows) == 1
    assert lost.get(f"{alder.path}/").heading == "Sign in"
    assert is_in(here, alder)


def test_session_of_somebody_else_cannot_be_ended(alder, sessions_of):
    other = alder.as_person("owner")
    (theirs,) = sessions_of(alder.people["owner"])
    visitor = alder.as_person("analyst")
    values = {"csrf_token": visitor.token()}
    visitor.post(f"/account/sessions/{theirs.id}/end", values, expect=404)
    assert is_in(other, alder)


def test_user_agent_in_the_list_is_one_harmless_line(alder, visitor):
    agent = "Mozilla \x1b[31m<script>alert(1)</script>"
    visitor.client.environ_base["HTTP_USER_AGENT"] = agent
    values = {"email": alder.people["analyst"].email, "password": PASSWORD}
    visitor.submit(visitor.get("/sign-in"), "Sign in", **values)
    page = visitor.get("/account/sessions")
    assert "\x1b" not in page.text
    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" in page.words
