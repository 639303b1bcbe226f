"""The gallery in a real browser: frames are as wide as they say, and nothing moves around them."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.identity import PASSWORD
from tests.support.chromium import PATIENCE_MS
from tests.support.live_app import serving
from tests.support.worlds import make_world

pytestmark = pytest.mark.browser
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The sum of all layout shifts since the page began, whatever caused them.
SHIFTS = """() => new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntries().reduce((a, e) => a + e.value, 0)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(0), 500);
})"""


@pytest.fixture(scope="module")
def address(app):
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def signed_in(app, chromium, address):
    """The cookies of somebody who may see the gallery."""
    editor = make_world(app, "Elm").people["editor"]
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in?next=/design")
    page.get_by_label("Work email").fill(editor.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Design system", exact=True)).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(chromium, address, signed_in):
    """Open the gallery at a width; the test fails when the browser complains."""
    contexts, complaints = [], []

    def hear(said):
        # Where no page names its icon, as in a picture opened alone, browsers ask for this one.
        if not said.location["url"].endswith("/favicon.ico"):
            complaints.append(said.text)

    def opening(width=1280):
        size = {"width": width, "height": 800}
        context = chromium.new_context(base_url=address, viewport=size, storage_state=signed_in)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_page_in_a_frame_has_the_width_that_the_frame_says(open_page, width):
    page = open_page(320)
    page.goto(f"/design/badge?width={width}")
    frame = page.frame_locator(f'iframe[title="Badge, neutral, dark, {width} px"]')
    expect(frame.get_by_text("draft")).to_be_visible()
    assert frame.locator("html").evaluate("() => innerWidth") == width
    assert frame.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate(SIDEWAYS) == 0


def test_frame_that_is_too_wide_scrolls_by_the_keyboard(open_page):
    page = open_page(320)
    page.goto("/design/data-table?width=1280")
    stage = page.get_by_role("group", name="Data table, events, light, 1280 px")
    stage.focus()
    expect(stage).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("place => place.scrollLeft > 0", arg=stage.element_handle())
    assert page.evaluate(SIDEWAYS) == 0


def test_nothing_moves_while_the_frames_arrive(open_page):
    page = open_page()
    page.goto("/design/data-table")
    frames = page.locator("iframe")
    for number in range(frames.count()):
        frames.nth(number).scroll_into_view_if_needed()
        expect(frames.nth(number).content_frame.locator("main")).to_be_attached()
    assert page.evaluate(SHIFTS) == 0


def test_example_is_opened_alone_and_used(open_page):
    page = open_page()
    page.goto("/design/menu?width=320")
    page.get_by_role("link", name=re.compile("Menu, more, dark, 320 px")).click()
    expect(page).to_have_title("Menu: more · Ballast")
    page.locator("summary").first.click()
    expect(page.locator("details").first).to_have_attribute("open", "")


def test_boxes_of_the_graph_lead_to_their_pages(open_page):
    page = open_page(1600)
    page.goto("/design/graph")
    page.get_by_role("link", name="Open alone").click()
    page.locator('a[href="/design/filter-bar"]').click()
    expect(page.get_by_role("heading", name="Filter bar", level=1)).to_be_visible()


def test_picture_follows_the_theme_of_the_reader(chromium, address, signed_in):
    for scheme in ("light", "dark"):
        context = chromium.new_context(
            base_url=address, storage_state=signed_in, color_scheme=scheme
        )
        page = context.new_page()
        page.goto("/design/graph")
        image = page.locator("img").first
        page.wait_for_function("image => image.complete", arg=image.element_handle())
        assert image.evaluate("image => image.currentSrc").endswith(f"theme={scheme}")
        assert image.evaluate("image => image.naturalWidth") > 1000
        context.close()
