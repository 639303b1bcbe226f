"""An owner brings somebody new into the tenant."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NEWCOMER = "leif.haraldsen@alderhealth.example"


def test_invited_person_comes_in_once_through_the_link_in_the_mail(open_browser):
    owner = open_browser("owner@alder.example")
    owner.goto("/t/alder/")
    owner.get_by_role("navigation").get_by_role("link", name="People").click()
    owner.get_by_role("link", name="Invite").click()
    owner.get_by_label("Work email").fill(NEWCOMER)
    owner.get_by_label("Role").select_option("auditor")
    owner.get_by_role("button", name="Send invitation").click()
    expect(owner.get_by_text("The invitation is in the outbox")).to_be_visible()

    owner.get_by_role("navigation").get_by_role("link", name="Settings").click()
    owner.get_by_role("link", name="Outbox").click()
    owner.get_by_role("row").filter(has_text=NEWCOMER).get_by_role("link").click()
    link = owner.get_by_label("Link in it").input_value()

    newcomer = open_browser()
    newcomer.goto(link)
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Join Alder Health")
    newcomer.get_by_label("Your name").fill("Leif Haraldsen")
    newcomer.get_by_label("Password").fill("a fjord is longer than it is wide")
    newcomer.get_by_role("button", name="Join").click()
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(newcomer.get_by_role("banner").get_by_text("Auditor", exact=True)).to_be_visible()

    stranger = open_browser()
    stranger.goto(link)
    expect(stranger.get_by_label("Password")).to_have_count(0)

    owner.get_by_role("navigation").get_by_role("link", name="People").click()
    expect(owner.get_by_role("row").filter(has_text="Leif Haraldsen")).to_contain_text("Auditor")
    owner.goto("/t/alder/audit-log?q=action:invitation.accepted")
    expect(owner.get_by_role("row").filter(has_text="Leif Haraldsen")).to_have_count(1)


def test_link_that_was_never_sent_lets_nobody_in(open_browser):
    stranger = open_browser()
    stranger.goto("/invitations/never-sent")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    expect(stranger.get_by_label("Password")).to_have_count(0)
