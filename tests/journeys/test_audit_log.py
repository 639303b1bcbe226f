"""An analyst narrows the log to what matters, and shows it to somebody else."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ANALYST, COLLEAGUE = "analyst@alder.example", "maja.forsell@alderhealth.example"


def rows_of(page: Page):
    return page.get_by_role("table", name="Events, newest first").get_by_role("row")


def count_in_header(page: Page) -> int:
    words = page.get_by_text(re.compile(r"^[\d,]+ events? · times in")).inner_text()
    return int(words.split(" ")[0].replace(",", ""))


def test_filters_narrow_the_log_and_their_chips_widen_it_again(open_browser):
    page = open_browser(ANALYST)
    page.goto("/t/alder/audit-log")
    page.get_by_role("searchbox", name="Filter events").fill("action:session outcome:failure")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()
    failures = count_in_header(page)
    cells = rows_of(page).filter(has_text="session.started")
    expect(cells).to_have_count(rows_of(page).count() - 1)

    page.locator("summary", has_text="Any time").click()
    page.get_by_role("link", name="Last 7 days").click()
    expect(page).to_have_url(re.compile("created%3A7d"))
    expect(page.locator("summary", has_text="Last 7 days")).to_be_visible()
    assert 0 < count_in_header(page) < failures

    page.get_by_role("link", name="Remove filter: Action session").click()
    expect(page.get_by_role("link", name="Remove filter: Action session")).to_have_count(0)
    expect(page.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()


def test_bar_of_the_histogram_narrows_the_time_to_what_it_stands_for(open_browser):
    page = open_browser(ANALYST)
    page.goto("/t/alder/audit-log?q=outcome:failure+created:30d")
    bars = page.locator("svg a").filter(has_text=re.compile(r": [1-9]\d* events"))
    counted = int(re.search(r": (\d+) events", bars.last.text_content()).group(1))
    bars.last.click(position={"x": 3, "y": 20})
    expect(page).to_have_url(re.compile(r"created%3A20\d\d-"))
    expect(page.get_by_text(re.compile(rf"^{counted} events?, {counted} failed$"))).to_be_visible()
    assert count_in_header(page) == counted


def test_event_opens_beside_the_list_and_its_address_shows_others_the_same(open_browser):
    page = open_browser(ANALYST)
    page.goto("/t/alder/audit-log?q=outcome:failure")
    row = rows_of(page).nth(3).get_by_role("link")
    row.click()
    detail = page.get_by_role("complementary")
    expect(detail.get_by_role("heading", level=2)).to_be_focused()
    expect(page).to_have_url(re.compile("detail="))
    address, seen = page.url, detail.inner_text()

    colleague = open_browser(COLLEAGUE)
    colleague.goto(address)
    assert colleague.get_by_role("complementary").inner_text() == seen
    assert rows_of(colleague).all_inner_texts() == rows_of(page).all_inner_texts()

    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    expect(detail.get_by_role("heading", level=2)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/audit-log\?q=outcome%3Afailure$"))


def test_back_leads_through_the_filters_as_they_were(open_browser):
    page = open_browser(ANALYST)
    page.goto("/t/alder/audit-log")
    box = page.get_by_role("searchbox", name="Filter events")
    box.fill("outcome:denied")
    box.press("Enter")
    chip = page.get_by_role("link", name="Remove filter: Outcome denied")
    expect(chip).to_be_visible()
    page.go_back()
    expect(chip).to_have_count(0)
    expect(page).to_have_url(re.compile("/audit-log$"))


def test_mistake_in_a_query_is_shown_where_it_is(open_browser):
    page = open_browser(ANALYST)
    page.goto("/t/alder/audit-log")
    box = page.get_by_role("searchbox", name="Filter events")
    box.fill("outcome:maybe")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("It can be: success, failure, denied.")
    expect(box).to_have_value("outcome:maybe")


def test_exported_file_holds_what_the_filter_matched(open_browser):
    page = open_browser(ANALYST)
    page.goto("/t/alder/audit-log?q=outcome:failure+created:30d")
    matching = count_in_header(page)
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert re.fullmatch(r"audit-log-alder-\d{8}T\d{6}Z\.csv", download.value.suggested_filename)
    with download.value.path().open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == matching
    assert {row["outcome"] for row in rows} == {"failure"}
