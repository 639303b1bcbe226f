"""What needs a closer look in a browser without scripts; whole journeys: test_by_other_means."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_menus_of_a_phone_open_without_a_script(open_browser):
    page = open_browser("analyst@alder.example", java_script_enabled=False, width=320)
    page.goto("/t/alder/")
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("navigation").get_by_role("link", name="Audit log").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    page.locator("summary", has_text="Any time").click()
    page.get_by_role("link", name="Last 24 hours").click()
    expect(page.locator("summary", has_text="Last 24 hours")).to_be_visible()
