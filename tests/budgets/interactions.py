"""What somebody does on a page of any kind, with real keys and a real mouse.

Every page gets whatever it has of: the shortcuts, a menu, a row's detail, the next page, a filter,
a form's first box. Nothing is sent and nothing leaves the page, because leaving ends the measuring.
"""

from collections.abc import Callable

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as TookTooLong

# How long an answer may take before the next thing is done; slowness itself is what is measured.
ANSWER_MS = 15_000
# As long as somebody looks at what has changed.
LOOK_MS = 150
# Nobody presses keys faster; a volley of them would measure how long each waits for the others.
BETWEEN_KEYS_MS = 80


class UnmeasuredError(Exception):
    """A page could not be loaded or used; the words say what went wrong."""


def interact(page: Page) -> None:
    """Do on the page all that can be done without leaving it."""
    for act in (use_keys, open_menus, open_detail, turn_page, filter_list, fill_in, open_dialog):
        page.evaluate("act => { document.documentElement.dataset.act = act; }", act.__name__)
        act(page)
        page.wait_for_timeout(LOOK_MS)


def use_keys(page: Page) -> None:
    """Walk three stops by Tab; look at the keys and close them."""
    for _ in range(3):
        page.keyboard.press("Tab")
        page.wait_for_timeout(BETWEEN_KEYS_MS)
    page.keyboard.press("?")
    page.wait_for_timeout(LOOK_MS)
    page.keyboard.press("Escape")


def open_menus(page: Page) -> None:
    """Open the first two closed disclosures, and close them again."""
    summaries = page.locator("details:not([open]) > summary:visible")
    for number in range(min(summaries.count(), 2)):
        summaries.nth(number).click()
        page.wait_for_timeout(LOOK_MS)
        page.keyboard.press("Escape")
        opened = page.locator("details[open] > summary:visible")
        if opened.count() > 0:
            opened.first.press("Enter")


def open_detail(page: Page) -> None:
    """Open the first row's detail beside the list, and close it."""
    row = page.locator("[data-rows] tbody a[hx-get]:visible").first
    if row.count() and not page.locator("[data-drawer] h2").count():
        _swap(page, row.click)
        _swap(page, lambda: page.keyboard.press("Escape"))


def turn_page(page: Page) -> None:
    """Go to the next page of a list."""
    following = page.locator("a[rel=next][hx-get]:visible").first
    if following.count():
        _swap(page, following.click)


def filter_list(page: Page) -> None:
    """Type a word into the filter and apply it."""
    box = page.locator("form[hx-get] input[type=search]:visible").first
    if box.count():
        page.keyboard.press("/")
        page.keyboard.type("an", delay=BETWEEN_KEYS_MS)
        _swap(page, lambda: page.keyboard.press("Enter"))


def fill_in(page: Page) -> None:
    """Type into the first box of a form, open its first choice, and send nothing."""
    boxes = "input:not([type=hidden], [type=search], [type=checkbox], [type=radio]), textarea"
    box = page.locator("main form").locator(boxes).locator("visible=true").first
    if box.count() and box.is_editable():
        box.click()
        page.keyboard.type("an", delay=BETWEEN_KEYS_MS)
        page.keyboard.press("Tab")
    tick = page.locator("main form input[type=checkbox]:visible").first
    if tick.count() and tick.is_enabled():
        tick.click()


def open_dialog(page: Page) -> None:
    """Open the first dialog that a button opens, and close it."""
    opener: Locator = page.locator("[data-opens]:visible").first
    if opener.count():
        opener.click()
        page.wait_for_timeout(LOOK_MS)
        page.keyboard.press("Escape")


def _swap(page: Page, act: Callable[[], object]) -> None:
    """Do what makes htmx bring a part, and wait until it stands there."""
    page.evaluate("document.documentElement.removeAttribute('data-settled')")
    act()
    try:
        page.wait_for_selector("html[data-settled]", state="attached", timeout=ANSWER_MS)
    except TookTooLong:
        raise UnmeasuredError(f"an answer did not come within {ANSWER_MS} ms") from None
