"""What needs a closer look without a mouse; whole journeys: test_by_other_means."""

import re

import pytest
from playwright.sync_api import Page, expect

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
