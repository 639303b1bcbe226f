"""What a page does when keys are pressed, tried on whatever the page has of it."""

from collections.abc import Iterator

from playwright.sync_api import ElementHandle, Page
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.probes import Finding, bring_probes, look_at_layout

# How long an answer may take on a machine that also runs the product and its database.
ANSWER_MS = 10_000
FIRST_OF_EACH_KIND = """selector => {
    const kinds = new Map();
    for (const element of document.querySelectorAll(selector)) {
        const kind = `${element.className} ${element.getAttribute("hx-target")}`;
        if (probe.isSeen(element) && !kinds.has(kind)) kinds.set(kind, element);
    }
    return [...kinds.values()];
}"""
ROW_WITH_DRAWER = """() => [...document.querySelectorAll("[data-rows] a[hx-target]")].find(
    row => probe.isSeen(row) &&
        document.querySelector(row.getAttribute("hx-target"))?.matches("[data-drawer]"))"""
OPENED_BY = """opener => document.getElementById(
    opener.dataset.opens ?? opener.getAttribute("href").slice(1))"""
HAS_FOCUS = "element => document.activeElement === element"
# An overlay lies above the page; other disclosures push the page down and stay as they are.
IS_OVERLAY = """details => details.matches("[data-dismiss]") || [...details.children].some(
    child => ["absolute", "fixed"].includes(getComputedStyle(child).position))"""
# A mark on the page, because a page with our policy evaluates nothing that one could wait for.
# What comes by itself, such as a histogram after its page, is no answer to who asked.
MARK_SETTLED = """asker => document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig.elt === asker) {
        document.documentElement.setAttribute("data-settled", "");
    }
})"""


def wait_for_parts(page: Page) -> None:
    """Wait for what comes after a page, which takes the place of what stood there until then."""
    page.wait_for_selector("[hx-trigger=load]", state="detached")


def try_skip_link(page: Page) -> Iterator[Finding]:
    """The first stop leads past the navigation, where there is one, and Tab goes on from there."""
    bring_probes(page)
    page.evaluate("probe.toTop()")
    page.keyboard.press("Tab")
    if page.evaluate("Boolean(document.activeElement.closest('main'))"):
        return
    if not page.evaluate("document.activeElement.matches(\"a[href^='#']\")"):
        yield _finding(page, "skip-link", "is the first stop, and no skip link")
        return
    page.keyboard.press("Enter")
    if not page.evaluate("document.activeElement.matches('main')"):
        yield _finding(page, "skip-link", "has the focus after the skip link, and is not main")
        return
    inside = page.evaluate("probe.stops().some(stop => stop.closest('main'))")
    page.keyboard.press("Tab")
    if inside and not page.evaluate("Boolean(document.activeElement.closest('main'))"):
        yield _finding(page, "skip-link", "comes after main, and is not in it")


def try_shortcuts(page: Page) -> Iterator[Finding]:
    """`/` goes to the filter and `?` lists the keys, where a page has them."""
    bring_probes(page)
    box = page.query_selector("[data-filter] input[type=search]")
    if box:
        page.evaluate("probe.toTop()")
        page.keyboard.press("/")
        if not box.evaluate(HAS_FOCUS) or "/" in box.input_value():
            yield _finding(page, "slash", "has the focus after /, and the filter should")
    keys = page.query_selector("dialog#keys")
    if keys:
        page.evaluate("probe.toTop()")
        page.keyboard.press("?")
        if not keys.evaluate("dialog => dialog.matches(':popover-open')"):
            yield _finding(page, "question-mark", "has the focus after ?, and no keys are shown")
            return
        if not keys.evaluate("dialog => dialog.contains(document.activeElement)"):
            yield _finding(page, "dialog-focus", "has the focus while the keys are shown")
        page.keyboard.press("Escape")
        if keys.evaluate("dialog => dialog.matches(':popover-open')"):
            yield _finding(page, "escape", "is still open after Escape", keys)


def try_overlays(page: Page) -> Iterator[Finding]:
    """Each menu and dialog opens within the window; Escape closes it and returns the focus."""
    bring_probes(page)
    for summary in _first_of_each_kind(page, "details > summary"):
        details = _related(summary, "summary => summary.parentElement")
        assert details is not None
        if details.evaluate("details => details.open"):
            continue
        summary.press("Enter")
        if details.evaluate(IS_OVERLAY):
            yield from look_at_layout(page)
            page.keyboard.press("Tab")
            if not details.evaluate("details => details.contains(document.activeElement)"):
                summary.focus()
            page.keyboard.press("Escape")
            yield from _closed(page, details, summary)
        else:
            summary.press("Enter")
    for opener in _first_of_each_kind(page, "[data-opens], main a[href^='#']"):
        dialog = _related(opener, OPENED_BY)
        if dialog is None or not dialog.evaluate("e => e instanceof HTMLDialogElement"):
            continue
        opener.press("Enter")
        yield from look_at_layout(page)
        if not dialog.evaluate("dialog => dialog.contains(document.activeElement)"):
            yield _finding(page, "dialog-focus", "has the focus while a dialog is open")
        page.keyboard.press("Escape")
        yield from _closed(page, dialog, opener)


def try_drawer(page: Page) -> Iterator[Finding]:
    """A row opens its detail, which takes the focus; Escape closes it and returns the focus."""
    bring_probes(page)
    row = page.evaluate_handle(ROW_WITH_DRAWER).as_element()
    if row is None or page.query_selector("[data-drawer] h2"):
        return
    row.press("Enter")
    try:
        page.wait_for_selector("[data-drawer] h2:focus", timeout=ANSWER_MS)
    except TookTooLong:
        yield _finding(page, "drawer-focus", "has the focus, and the detail should")
        return
    page.keyboard.press("Escape")
    try:
        page.wait_for_selector("[data-drawer] h2", state="detached", timeout=ANSWER_MS)
        page.wait_for_selector(f"#{row.get_attribute('id')}:focus", timeout=ANSWER_MS)
    except TookTooLong:
        yield _finding(page, "escape", "has the focus after Escape, and the row should")


def try_swaps(page: Page) -> Iterator[Finding]:
    """Each part that is replaced leaves the focus on something, and says what is there now."""
    # With what a skip link has added to the address, going there would not load the page anew.
    address = page.url.partition("#")[0]
    bring_probes(page)
    kinds = len(_first_of_each_kind(page, "[hx-get]:not([hx-trigger])"))
    for number in range(kinds):
        page.goto(address)
        wait_for_parts(page)
        bring_probes(page)
        asker = _first_of_each_kind(page, "[hx-get]:not([hx-trigger])")[number]
        name = page.evaluate("element => probe.nameOf(element)", asker)
        is_filter = asker.evaluate("element => element.matches('form')")
        page.evaluate(MARK_SETTLED, asker)
        if is_filter:
            box = page.locator("[data-filter] input[type=search]")
            box.fill("a")
            box.press("Enter")
        else:
            # Pressed by the keyboard, which does not mind when the answer takes the asker away.
            asker.focus()
            page.keyboard.press("Enter")
        try:
            page.wait_for_selector("html[data-settled]", timeout=ANSWER_MS)
        except TookTooLong:
            yield Finding("swap", name, "brought nothing")
            continue
        if page.evaluate("document.activeElement === document.body"):
            yield Finding("focus-lost", name, "left the focus nowhere")
        if is_filter:
            yield from _announced(page, name)
    page.goto(address)


def _announced(page: Page, name: str) -> Iterator[Finding]:
    said = page.locator("#live").inner_text()
    rows = page.locator("[data-rows] tbody tr").count()
    isnt_all = page.locator("a[rel=next], a[rel=prev]").count() > 0
    counted = [int(word.replace(",", "")) for word in said.split() if word[0].isdigit()]
    is_wrong = not counted if rows else not said
    if is_wrong or (counted and not isnt_all and counted[0] != rows):
        yield Finding("announcement", name, f"said “{said}” about {rows} rows")


def _first_of_each_kind(page: Page, selector: str) -> list[ElementHandle]:
    handles = page.evaluate_handle(FIRST_OF_EACH_KIND, selector).get_properties().values()
    return [element for handle in handles if (element := handle.as_element())]


def _related(element: ElementHandle, to: str) -> ElementHandle | None:
    return element.evaluate_handle(to).as_element()


def _closed(page: Page, overlay: ElementHandle, opener: ElementHandle) -> Iterator[Finding]:
    if overlay.evaluate("overlay => overlay.open"):
        yield _finding(page, "escape", "is still open after Escape", overlay)
        overlay.evaluate("overlay => { overlay.open = false; }")
    elif not opener.evaluate(HAS_FOCUS):
        yield _finding(page, "escape", "does not get the focus back after Escape", opener)


def _finding(page: Page, rule: str, words: str, at: ElementHandle | None = None) -> Finding:
    name = page.evaluate("element => probe.nameOf(element ?? document.activeElement)", at)
    return Finding(rule, name, words)
