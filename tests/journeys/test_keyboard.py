"""Everything with the keyboard alone: no journey below uses the mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.product import PASSWORD

pytestmark = pytest.mark.browser


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until the thing with that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.innerText || '').trim()"
        )
        if re.search(name, focused):
            return
    raise AssertionError(f"{most} times Tab do not reach {name!r}.")


def test_day_of_an_auditor_without_a_mouse(open_browser):
    page = open_browser()
    page.goto("/sign-in")
    expect(page.get_by_label("Work email")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Work email")).to_be_focused()
    page.keyboard.type("auditor@alder.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")

    tab_to(page, "^Audit log$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name="Filter events")
    expect(box).to_be_focused()
    page.keyboard.type("outcome:failure")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove filter: Outcome failure")).to_be_visible()
    expect(box).to_be_focused()

    tab_to(page, r"^\d+ \w+ \d\d:\d\d:\d\d")
    opener = page.locator(f"#{page.evaluate('document.activeElement.id')}")
    page.keyboard.press("Enter")
    title = page.get_by_role("complementary").get_by_role("heading")
    expect(title).to_be_focused()
    page.keyboard.press("Escape")
    expect(title).to_have_count(0)
    expect(opener).to_be_focused()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto("/t/alder/")
    tab_to(page, "^Sign out$")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/t/alder/audit-log")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_focus_goes_to_what_is_wrong_in_a_form(open_browser):
    page = open_browser()
    page.goto("/sign-in")
    page.get_by_label("Work email").focus()
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Work email")).to_be_focused()


def test_open_menu_closes_with_escape_and_keeps_the_focus(open_browser):
    page = open_browser("consultant@shared.example")
    page.goto("/t/alder/")
    tab_to(page, "Organisation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Birch Energy")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Birch Energy")).to_be_hidden()
    assert page.evaluate("document.activeElement.innerText").endswith("Alder Health")
