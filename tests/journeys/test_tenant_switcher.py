"""Somebody who is a member of two tenants goes from one to the other."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_consultant_chooses_a_tenant_and_switches_to_the_other(open_browser):
    page = open_browser("consultant@shared.example")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose an organisation")
    page.get_by_role("link", name="Alder Health").click()
    side = page.get_by_role("banner")
    expect(side.get_by_text("Analyst", exact=True)).to_be_visible()

    side.locator("summary", has_text="Alder Health").click()
    page.get_by_role("link", name="Birch Energy").click()
    expect(page).to_have_title("Overview · Birch Energy · Ballast")
    expect(side.get_by_text("Support reviewer", exact=True)).to_be_visible()

    side.get_by_role("link", name="Audit log").click()
    page.get_by_role("searchbox", name="Filter events").fill('actor:"Sam Okafor"')
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove filter: Actor Sam Okafor")).to_be_visible()
    expect(page.get_by_text("times in Europe/Berlin")).to_be_visible()


def test_address_of_a_foreign_tenant_shows_nothing_of_it(open_browser):
    page = open_browser("analyst@alder.example")
    page.goto("/t/birch/audit-log")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    expect(page.get_by_text("Birch")).to_have_count(0)
