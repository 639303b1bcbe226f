"""A reviewer works through the queue by keys, and an auditor takes the evidence home."""

import re

import pytest
from playwright.sync_api import Download, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from app.audit.proof.verifier.program import question
from app.summaries.packs.checking import check_evidence
from tests.journeys.test_summaries import ANALYST, OWNER, REVIEWER, ask_for_summary, claim

pytestmark = pytest.mark.browser
QUEUE = "/t/alder/summaries/queue?q=shelf:waiting"


def draft(analyst: Page, query: str) -> str:
    """Ask for a draft and wait for it; return its address."""
    ask_for_summary(analyst, query)
    expect(analyst.get_by_role("heading", name="Evidence")).to_be_visible()
    return analyst.url.split("#")[0]


def test_queue_is_worked_through_by_keys(open_browser):
    analyst = open_browser(ANALYST)
    draft(analyst, "action:session.started created:30d")
    draft(analyst, "action:api_key created:30d")
    reviewer = open_browser(REVIEWER)
    reviewer.goto(QUEUE)

    reviewer.get_by_role("button", name="Review the next").press("Enter")
    expect(reviewer.get_by_text("In your hand until")).to_be_visible()
    taken = reviewer.url
    claim(reviewer, 1).focus()
    reviewer.keyboard.press("j")
    expect(claim(reviewer, 2)).to_be_focused()
    reviewer.keyboard.press("k")
    expect(claim(reviewer, 1)).to_be_focused()
    reviewer.keyboard.press("e")
    expect(reviewer.get_by_role("heading", name="Edit claim 1")).to_be_visible()
    reviewer.go_back()

    claim(reviewer, 1).focus()
    reviewer.keyboard.press("n")
    reviewer.wait_for_url(lambda address: address.split("#")[0] != taken.split("#")[0])
    expect(claim(reviewer, 1)).to_be_focused()
    reviewer.keyboard.press("p")
    reviewer.wait_for_url(re.compile(re.escape(taken.split("#")[0])))

    reviewer.get_by_role("button", name="Lay back").click()
    expect(reviewer.get_by_text("In your hand until")).to_have_count(0)


def test_evidence_of_a_signed_summary_is_checked_at_home(open_browser, tmp_path):
    address = draft(open_browser(ANALYST), "outcome:denied created:30d")
    owner = open_browser(OWNER)
    owner.goto(address)
    owner.get_by_role("button", name="Approve").click()
    owner.get_by_role("link", name="Evidence pack…").click()

    pack = tmp_path / "pack.zip"
    downloaded(owner).save_as(pack)

    report = check_evidence(question(pack, [], [], []))
    assert report.exit_code == 0, str(report)


def downloaded(page: Page) -> Download:
    """Make the pack; the seal follows an approval within seconds, and the page says so."""
    for _ in range(20):
        try:
            with page.expect_download(timeout=3_000) as download:
                page.get_by_role("button", name="Make and download").click()
        except TookTooLong:
            expect(page.get_by_text("not sealed yet")).to_be_visible()
        else:
            return download.value
    raise AssertionError("The approval is not sealed after a minute.")
