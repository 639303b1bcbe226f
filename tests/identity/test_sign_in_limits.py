"""Guessing passwords is slow: by address, by source, and across every door."""

import datetime as dt

import pytest

from app.identity.service.sign_in import TRIES_PER_ADDRESS, TRIES_PER_SOURCE, WINDOW_S
from app.kernel import clock
from tests.factories.identity import PASSWORD, SECRET, InvitationFactory


@pytest.fixture(autouse=True)
def middle_of_a_window(monkeypatch):
    """Stop the clock, so that no test runs from one window into the next."""
    start = clock.now().timestamp() // WINDOW_S * WINDOW_S
    moment = dt.datetime.fromtimestamp(start + WINDOW_S / 2, dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


def guess(visitor, email, times, expect=422):
    page = visitor.get("/sign-in")
    for _ in range(times):
        page = visitor.submit(page, "Sign in", expect=expect, email=email, password="guess")
    return page


def test_tries_for_one_address_run_out(alder, visitor):
    email = alder.people["owner"].email
    page = guess(visitor, email, TRIES_PER_ADDRESS)
    page = visitor.submit(page, "Sign in", expect=429, email=email, password=PASSWORD)
    assert "Too many tries. Come back in" in page.errors
    assert page.headers["Retry-After"] == "300"
    assert page.form("Sign in").values["email"] == email
    assert len(alder.log("session.started")) == TRIES_PER_ADDRESS


def test_other_people_still_get_in_meanwhile(alder, visitor):
    guess(visitor, alder.people["owner"].email, TRIES_PER_ADDRESS)
    assert alder.as_person("admin").get(f"{alder.path}/").heading == "Overview"


def test_unknown_addresses_run_out_of_tries_alike(alder, visitor):
    email = f"nobody@{alder.tenant.slug}.example"
    page = guess(visitor, email, TRIES_PER_ADDRESS)
    visitor.submit(page, "Sign in", expect=429, email=email, password="guess")


def test_success_gives_the_tries_back(alder, visitor):
    email = alder.people["owner"].email
    page = guess(visitor, email, TRIES_PER_ADDRESS - 1)
    visitor.submit(page, "Sign in", email=email, password=PASSWORD)
    visitor.post("/sign-out", {"csrf_token": visitor.token()})
    page = guess(visitor, email, TRIES_PER_ADDRESS - 1)
    assert "not right" in page.errors


def test_one_source_cannot_try_address_after_address(alder, visitor):
    page = visitor.get("/sign-in")
    for number in range(TRIES_PER_SOURCE):
        email = f"guess-{number}@{alder.tenant.slug}.example"
        page = visitor.submit(page, "Sign in", expect=422, email=email, password="guess")
    email = alder.people["owner"].email
    visitor.submit(page, "Sign in", expect=429, email=email, password=PASSWORD)


def test_invitation_is_no_side_door_for_guessing(alder, birch, visitor):
    """Somebody who gets hold of a link could otherwise try the password of its address there."""
    email = birch.people["analyst"].email
    invitation = alder.make(InvitationFactory, email=email)
    page = visitor.get(f"/invitations/{alder.tenant.slug}.{invitation.id.hex}.{SECRET}")
    for _ in range(TRIES_PER_ADDRESS):
        page = visitor.submit(page, "Join", expect=422, name="Eve", password="a wild guess")
    page = visitor.submit(page, "Join", expect=429, name="Eve", password=PASSWORD)
    assert "Too many tries" in page.errors
