"""An admin looks after the members, and the log tells it all afterwards."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
OWNER, NAME, EMAIL = "owner@alder.example", "Ida Nordin", "ida.nordin@alderhealth.example"


def open_member(page: Page, name: str) -> None:
    page.goto("/t/alder/")
    page.get_by_role("navigation").get_by_role("link", name="People").click()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_member_gets_another_role_is_suspended_reinstated_and_removed(open_browser):
    member = open_browser(EMAIL)
    member.goto("/t/alder/summaries")
    expect(member.get_by_role("heading", level=1)).to_have_text("Summaries")

    owner = open_browser(OWNER)
    open_member(owner, NAME)
    owner.get_by_role("link", name="Change role").click()
    owner.get_by_label("Role").select_option("auditor")
    owner.get_by_role("button", name="Change role").click()
    expect(owner.get_by_text(f"{NAME} is Auditor now.")).to_be_visible()

    owner.get_by_role("link", name="Suspend").click()
    owner.get_by_label("Reason").fill("Ticket 5120")
    owner.get_by_role("button", name="Suspend").click()
    expect(owner.get_by_text(f"{NAME} is suspended.")).to_be_visible()
    member.goto("/t/alder/summaries")
    expect(member.get_by_role("heading", name="Summaries")).to_have_count(0)

    owner.get_by_role("button", name="Reinstate").click()
    expect(owner.get_by_text("They can sign in again.")).to_be_visible()

    owner.get_by_role("link", name="Remove").click()
    expect(owner.get_by_text("stays in the audit log")).to_be_visible()
    owner.get_by_label("Reason").fill("Left the company")
    owner.get_by_role("button", name="Remove").click()
    expect(owner.get_by_text(f"{NAME} is no member any more.")).to_be_visible()
    expect(owner.get_by_role("link", name=NAME)).to_have_count(0)

    owner.goto(f'/t/alder/audit-log?q=target:"{NAME}"+action:member+created:1h')
    told = owner.get_by_role("table", name="Events, newest first").locator("td[data-label=Action]")
    expect(told).to_have_text(
        ["member.removed", "member.reinstated", "member.suspended", "member.role_changed"]
    )
    owner.locator("tbody").get_by_role("link").nth(2).click()
    detail = owner.get_by_role("complementary")
    expect(detail).to_contain_text("Ticket 5120")


def test_last_owner_cannot_be_taken_away(open_browser):
    admin = open_browser("admin@alder.example")
    open_member(admin, "Rosa Lindqvist")
    expect(admin.get_by_role("link", name="What they did")).to_be_visible()
    expect(admin.get_by_role("link", name="Remove")).to_have_count(0)
