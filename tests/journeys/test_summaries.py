"""The main job: a filtered view becomes a summary that a second person checks and signs."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ANALYST, REVIEWER = "analyst@alder.example", "support@alder.example"
EDITOR, OWNER = "editor@alder.example", "owner@alder.example"


def ask_for_summary(page: Page, query: str) -> None:
    page.goto("/t/alder/audit-log")
    page.get_by_role("searchbox", name="Filter events").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?q="))
    page.get_by_role("link", name=re.compile(r"^Summarise \d+ events?$")).click()
    page.get_by_role("button", name="Ask", exact=True).click()


def claim(page: Page, number: int):
    return page.get_by_role("article", name=f"Claim {number}", exact=True)


def open_summary(page: Page, address: str) -> None:
    """Go to a summary by way of the list."""
    page.goto("/t/alder/summaries")
    page.locator(f"table a[href$='{address.rsplit('/', 1)[1]}']").click()
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()


def test_filtered_view_becomes_a_signed_summary(open_browser, product):
    analyst = open_browser(ANALYST)
    with product.worker_paused():
        ask_for_summary(analyst, "action:session.started outcome:failure created:30d")
        expect(analyst.get_by_role("status").get_by_role("progressbar")).to_be_visible()
        expect(analyst.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    expect(analyst.get_by_role("heading", name="Evidence")).to_be_visible()
    expect(analyst.get_by_text("This draft waits for a reviewer.")).to_be_visible()
    expect(analyst.get_by_role("button", name="Approve")).to_have_count(0)
    address = analyst.url

    reviewer = open_browser(REVIEWER)
    open_summary(reviewer, address)
    expect(reviewer.get_by_text("AI draft")).to_be_visible()
    citation = claim(reviewer, 1).get_by_role("list").get_by_role("link").first
    label = citation.inner_text()
    citation.click()
    expect(reviewer).to_have_url(re.compile(f"#evidence-{label.lower()}$"))
    evidence = reviewer.locator(":target")
    expect(evidence).to_be_in_viewport()
    evidence.get_by_role("link", name="claim 1").click()
    expect(reviewer).to_have_url(re.compile("#claim-1$"))

    said = claim(reviewer, 1).get_by_role("paragraph").first.inner_text()
    claim(reviewer, 1).get_by_role("link", name="Edit").click()
    reviewer.get_by_label("These are all there are").uncheck()
    reviewer.get_by_role("button", name="Check and save").click()
    expect(reviewer.get_by_text("Claim 1 was changed, and the log supports it.")).to_be_visible()
    expect(claim(reviewer, 1)).to_contain_text("edited")
    assert claim(reviewer, 1).get_by_role("paragraph").first.inner_text() != said

    claim(reviewer, 2).locator("summary", has_text="Remove").click()
    claim(reviewer, 2).get_by_role("button", name="Remove").click()
    expect(claim(reviewer, 2)).to_have_count(0)
    expect(reviewer.get_by_role("region", name="Removed by a reviewer")).to_be_visible()
    reviewer.get_by_role("button", name="Approve").click()
    expect(reviewer.get_by_text("Approved by Ana Ruiz")).to_be_visible()
    expect(reviewer.get_by_role("link", name="Edit")).to_have_count(0)

    analyst.reload()
    expect(analyst.get_by_text("Approved by Ana Ruiz")).to_be_visible()

    editor = open_browser(EDITOR)
    open_summary(editor, address)
    expect(claim(editor, 1)).to_be_visible()
    expect(editor.get_by_text("Only those who may read the audit log").first).to_be_visible()


def test_nobody_signs_what_they_asked_for(open_browser):
    reviewer = open_browser(REVIEWER)
    ask_for_summary(reviewer, "outcome:denied created:30d")
    expect(reviewer.get_by_role("heading", name="Evidence")).to_be_visible()
    blocked = reviewer.get_by_role("button", name="Approve")
    expect(blocked).to_have_attribute("aria-disabled", "true")
    expect(reviewer.get_by_text("so another person signs it")).to_be_visible()
    blocked.press("Enter")
    expect(reviewer.get_by_text("AI draft")).to_be_visible()


def test_rejected_draft_says_why(open_browser):
    analyst = open_browser(ANALYST)
    ask_for_summary(analyst, "action:member created:30d")
    expect(analyst.get_by_role("heading", name="Evidence")).to_be_visible()

    owner = open_browser(OWNER)
    open_summary(owner, analyst.url)
    owner.get_by_role("link", name="Reject…").click()
    owner.get_by_role("button", name="Reject").click()
    expect(owner.get_by_role("alert").first).to_contain_text("Choose a reason.")
    owner.get_by_role("radio").first.check()
    owner.get_by_label("Note").fill("Ask again with the whole month.")
    owner.get_by_role("button", name="Reject").click()
    expect(owner.get_by_text("Rejected by Rosa Lindqvist")).to_be_visible()

    analyst.reload()
    expect(analyst.get_by_text("Ask again with the whole month.")).to_be_visible()


def test_waiting_summary_is_called_off_by_whoever_asked(open_browser, product):
    analyst = open_browser(ANALYST)
    with product.worker_paused():
        ask_for_summary(analyst, "action:api_key created:30d")
        analyst.get_by_role("button", name="Cancel").click()
        expect(analyst.get_by_text("This summary was called off")).to_be_visible()
