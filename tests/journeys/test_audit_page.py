"""Somebody looks into something: values, bars, columns, pivots, and a view for the next time."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ANALYST = "analyst@alder.example"


def open_log(open_browser, query: str = "") -> Page:
    page = open_browser(ANALYST)
    page.goto(f"/t/alder/audit-log?q={query}")
    expect(bars_of(page)).not_to_have_count(0)
    return page


def bars_of(page: Page):
    return page.locator("figure svg a")


def rows_of(page: Page):
    return page.get_by_role("table", name="Events, newest first").get_by_role("row")


def count_in_header(page: Page) -> int:
    words = page.get_by_text(re.compile(r"^[\d,]+ events? · times in")).inner_text()
    return int(words.split(" ")[0].replace(",", ""))


def counts_of(page: Page) -> list[int]:
    """Return how many events each bar stands for."""
    titles = bars_of(page).locator("title").all_text_contents()
    return [int(re.search(r": ([\d,]+) events", title)[1].replace(",", "")) for title in titles]


def drag_over(page: Page, first: int, last: int) -> None:
    """Press the mouse on one bar and move it to another, without letting go."""
    for bar in (first, last):
        box = bars_of(page).nth(bar).bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=5)
        if bar == first:
            page.mouse.down()


def test_dragging_over_bars_narrows_the_time_to_what_they_count(open_browser):
    page = open_log(open_browser, "outcome:failure+created:30d")
    counts = counts_of(page)
    busy = [bar for bar, count in enumerate(counts) if count]
    first, last = busy[1], busy[4]
    drag_over(page, last, first)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"\?q=outcome%3Afailure\+created%3A20[^&]*$"))
    assert count_in_header(page) == sum(counts[first : last + 1])


def test_escape_ends_the_dragging_and_leaves_all_as_it_was(open_browser):
    page = open_log(open_browser, "outcome:failure+created:30d")
    address, words = page.url, page.locator("figcaption").inner_text()
    drag_over(page, 3, 9)
    expect(page.locator("figcaption")).not_to_have_text(words, use_inner_text=True)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator("figcaption")).to_have_text(words, use_inner_text=True)
    assert page.url == address


def test_time_is_chosen_from_two_lists_by_keyboard(open_browser):
    page = open_log(open_browser, "outcome:failure+created:30d")
    counts = counts_of(page)
    page.locator("summary", has_text="Choose a time").press("Enter")
    page.get_by_role("combobox", name="From").select_option(index=5)
    page.get_by_role("combobox", name="To").select_option(index=20)
    page.get_by_role("button", name="Show").press("Enter")
    expect(page).to_have_url(re.compile(r"created%3A20[^&]*$"))
    assert count_in_header(page) == sum(counts[5:21])


def test_value_narrows_the_log_and_widens_it_again(open_browser):
    page = open_log(open_browser, "action:prescription")
    everything = count_in_header(page)
    outcomes = page.get_by_role("region", name="Outcome", exact=True)
    number = outcomes.get_by_role("listitem").filter(has_text="failure").inner_text().split()[-1]
    outcomes.get_by_role("link", name="failure").click()
    expect(page.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()
    assert count_in_header(page) == int(number)
    outcomes.get_by_role("link", name="failure").click()
    expect(page.get_by_role("link", name="Remove filter: Outcome failure")).to_have_count(0)
    assert count_in_header(page) == everything


def test_column_is_added_kept_with_a_view_and_both_are_there_the_next_time(open_browser):
    page = open_log(open_browser, "action:session+outcome:failure")
    page.locator("summary[aria-label=Columns]").click()
    page.get_by_role("link", name="Address", exact=True).click()
    heading = page.get_by_role("columnheader", name="Address")
    expect(heading).to_be_visible()
    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name").fill("Failed sign-ins by address")
    page.get_by_role("button", name="Save view").click()
    tab = page.get_by_role("link", name="Failed sign-ins by address")
    expect(tab).to_be_visible()

    page.goto("/t/alder/audit-log")
    expect(heading).to_have_count(0)
    tab.click()
    expect(heading).to_be_visible()
    expect(page.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()

    page.get_by_role("link", name="Remove filter: Outcome failure").click()
    expect(page.get_by_role("navigation", name="Views")).to_contain_text("modified")


def test_pivot_leads_from_an_event_to_those_of_the_same_actor(open_browser):
    page = open_log(open_browser, "action:member.role_changed")
    rows_of(page).nth(1).get_by_role("link").first.click()
    drawer = page.get_by_role("complementary")
    actor = rows_of(page).nth(1).get_by_role("cell").nth(0).inner_text()
    drawer.get_by_role("link", name="Same actor").click()
    expect(page.get_by_role("link", name=re.compile("^Remove filter: Actor"))).to_be_visible()
    expect(page.get_by_role("link", name="Remove filter: Action")).to_have_count(0)
    actors = {row.get_by_role("cell").nth(0).inner_text() for row in rows_of(page).all()[1:6]}
    assert actors == {actor}
