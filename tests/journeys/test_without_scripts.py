"""The main job in a browser that runs no script at all."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_main_job_needs_no_script(open_browser, product):
    analyst = open_browser("analyst@alder.example", java_script_enabled=False)
    analyst.goto("/t/alder/audit-log")
    box = analyst.get_by_role("searchbox", name="Filter events")
    box.fill("outcome:failure")
    box.press("Enter")
    analyst.get_by_role("searchbox", name="Filter events").fill("created:14d")
    analyst.get_by_role("button", name="Apply the filter").click()
    expect(analyst.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()

    events = analyst.get_by_role("table", name="Events, newest first")
    events.get_by_role("link").first.click()
    detail = analyst.get_by_role("complementary")
    expect(detail.get_by_role("heading")).to_be_visible()
    detail.get_by_role("link", name="Close the detail").click()
    expect(detail.get_by_role("heading")).to_have_count(0)
    expect(analyst.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()

    with product.worker_paused():
        analyst.get_by_role("button", name=re.compile("^Summarise")).click()
        expect(analyst.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
        analyst.get_by_role("link", name="Refresh").click()
        expect(analyst.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    for _ in range(40):
        if not analyst.get_by_role("link", name="Refresh").is_visible():
            break
        analyst.get_by_role("link", name="Refresh").click()
        analyst.wait_for_timeout(250)
    expect(analyst.get_by_role("heading", name="Evidence")).to_be_visible()

    reviewer = open_browser("support@alder.example", java_script_enabled=False)
    reviewer.goto("/t/alder/summaries")
    reviewer.locator(f"table a[href$='{analyst.url.rsplit('/', 1)[1]}']").click()
    claim = reviewer.get_by_role("article", name="Claim 1", exact=True)
    claim.locator("summary", has_text="Remove").click()
    claim.get_by_role("button", name="Remove").click()
    expect(reviewer.get_by_role("region", name="Removed by a reviewer")).to_be_visible()
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.get_by_text("Approved by Ana Ruiz")).to_be_visible()


def test_menus_of_a_phone_open_without_a_script(open_browser):
    page = open_browser("analyst@alder.example", java_script_enabled=False, width=320)
    page.goto("/t/alder/")
    page.locator("summary", has_text="Menu").click()
    page.get_by_role("navigation").get_by_role("link", name="Audit log").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    page.locator("summary", has_text="Any time").click()
    page.get_by_role("link", name="Last 24 hours").click()
    expect(page.locator("summary", has_text="Last 24 hours")).to_be_visible()
