"""What holds on every page, whatever it shows: nothing breaks, nothing is shut out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from components.registry import Registry
from tests.browser.axe import run_axe
from tests.browser.behaviours import (
    try_drawer,
    try_overlays,
    try_shortcuts,
    try_skip_link,
    try_swaps,
)
from tests.browser.probes import (
    look_at_layout,
    look_for_motion,
    look_in_forced_colours,
    walk_by_tab,
)
from tests.browser.sizes import (
    DESK,
    LAYOUTS,
    PHONE,
    WHOLE_MATRIX,
    WIDE,
    look_at_sizes,
    resize,
)
from tests.journeys.browsers import Browsers, go_to
from tests.journeys.page_doubts import EXPLAINED, is_explained
from tests.journeys.stops import OWNER, STATES, Stop

pytestmark = pytest.mark.browser
# One page of each kind whose parts are replaced; the proofs try every page.
WITH_PARTS = {"audit.index", "people.index", "summaries.index", "drawer"}
# Pages are made of few patterns: these have every pattern and every component between them, and
# are looked at in every run; the proofs look at all. What no link leads to is always among them.
OFTEN = {
    "account.sessions",
    "audit.index",
    "audit.show",
    "audit_views.new",
    "design.index",
    "drawer",
    "evaluations.show",
    "event_types.new",
    "event_types.show",
    "exports.new",
    "exports.show",
    "imports.edit",
    "imports.upload",
    "invitations.new",
    "keys.index",
    "models.edit",
    "people.index",
    "people.roles",
    "prompts.version",
    "public.sign_in",
    "retention.index",
    "seal.index",
    "shell.overview",
    "summaries.edit_claim",
    "summaries.index",
    "summaries.new",
    "summaries.show",
    "summary_queue.index",
    *STATES,
}
KEYS = (try_skip_link, walk_by_tab, try_overlays, try_shortcuts, try_drawer, try_swaps)
WHOLE_HEIGHT = """() => {
  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowY);
  const panels = [...document.querySelectorAll("main *")].filter(scrolls);
  const hidden = panels.map((element) => element.scrollHeight - element.clientHeight);
  return Math.ceil(document.documentElement.scrollHeight + 1.2 * Math.max(0, ...hidden));
}"""
LOOKS = (look_at_layout, look_in_forced_colours, look_for_motion)


@pytest.fixture
def often(stops: list[Stop]) -> list[Stop]:
    """The pages that are looked at in every run; the proofs look at all."""
    names = {stop.name for stop in stops}
    assert names >= OFTEN, f"No such page: {OFTEN - names}"
    return [stop for stop in stops if stop.name in OFTEN]


def visited(browsers: Browsers, stops: list[Stop], **options) -> Iterator[tuple[Stop, Page]]:
    """Go to every page; yield it with its stop."""
    options = {"reduced_motion": "reduce", **options}
    pages = {who: browsers.open(who, **options) for who in {stop.who for stop in stops}}
    for stop in stops:
        page = pages[stop.who]
        go_to(page, stop.address)
        yield stop, page


def test_pages_keep_their_place_and_their_keys(browsers, often):
    found = []
    for stop, page in visited(browsers, often):
        looks = [
            # The narrowest and the widest; the proofs look at those between.
            *look_at_sizes(page, [PHONE, WIDE], look_at_layout),
            *look_at_sizes(page, [PHONE], try_overlays),
            *look_at_sizes(page, [DESK], *LOOKS[1:], try_skip_link, walk_by_tab),
        ]
        found += [f"{stop.name} {words}" for words in looks]
    assert not found, "\n".join(found)


def test_keys_do_what_they_promise(browsers, stops):
    found = []
    for stop, page in visited(browsers, [stop for stop in stops if stop.name in WITH_PARTS]):
        looks = look_at_sizes(page, [DESK], try_shortcuts, try_drawer, try_swaps)
        found += [f"{stop.name} {words}" for words in looks]
    assert not found, "\n".join(found)


@pytest.mark.proof
@pytest.mark.parametrize("size", [*LAYOUTS, DESK], ids=str)
def test_every_page_is_right_in_a_window_of_any_size(browsers, stops, size):
    found = []
    for stop, page in visited(browsers, stops):
        looks = look_at_sizes(page, [size], *LOOKS, *KEYS)
        found += [f"{stop.name} {words}" for words in looks]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("theme", "size"), [("light", DESK), ("dark", PHONE)], ids=str)
def test_axe_finds_nothing_and_doubts_nothing_unexplained(browsers, often, theme, size):
    found = axe_findings(browsers, often, theme, size)
    assert not found, "\n".join(found)


@pytest.mark.proof
@pytest.mark.parametrize(("theme", "size"), WHOLE_MATRIX, ids=str)
def test_axe_finds_nothing_on_any_page(browsers, stops, theme, size):
    found = axe_findings(browsers, stops, theme, size)
    assert not found, "\n".join(found)


def axe_findings(browsers, stops, theme, size) -> list[str]:
    registry, found = Registry.load(), []
    for stop, page in visited(browsers, stops, color_scheme=theme):
        resize(page, size)
        wrong, undecided = run_axe(page)
        if undecided:
            # What a bar at the edge covers, or lies outside of a panel that scrolls, is free in
            # a window that is high enough for all of it.
            resize(page, (size[0], page.evaluate(WHOLE_HEIGHT)))
            undecided = sorted({*undecided} & {*run_axe(page)[1]})
        found += [f"{stop.name}: {doubt}" for doubt in wrong]
        found += [
            f"{stop.name}: undecided: {doubt}"
            for doubt in undecided
            if not is_explained(stop.name, doubt, registry)
        ]
    return found


def test_every_explanation_of_a_doubt_still_applies(browsers, stops):
    outlived = set(EXPLAINED)
    explained = {name for name, _rule in EXPLAINED}
    for stop, page in visited(browsers, [stop for stop in stops if stop.name in explained]):
        for theme, size in WHOLE_MATRIX:
            page.emulate_media(color_scheme=theme)
            resize(page, size)
            outlived -= {(stop.name, doubt.rule) for doubt in run_axe(page)[1]}
    assert not outlived, outlived


@pytest.mark.parametrize("size", [DESK, PHONE], ids=str)
def test_forms_with_mistakes_are_right_as_well(browsers, size):
    owner, nobody = browsers.open(OWNER), browsers.open()
    forms = (
        (nobody, "/sign-in", "Sign in"),
        (owner, "/t/alder/people/invitations/new", "Send invitation"),
        (owner, "/t/alder/settings/api-keys/new", "Create key"),
    )
    found = []
    for page, address, label in forms:
        page.goto(address)
        page.get_by_role("button", name=label).click()
        expect(page.get_by_role("alert").first).to_be_visible()
        found += look_at_sizes(page, [size], look_at_layout, walk_by_tab)
        found += [f"{address}: {doubt}" for doubts in run_axe(page) for doubt in doubts]
    assert not found, "\n".join(found)


def test_sweep_would_find_a_mistake(open_browser):
    page = open_browser(OWNER)
    page.goto("/t/alder/")
    page.evaluate("document.querySelector('h1').style.color = document.body.style.color = '#ccc'")
    page.evaluate("document.querySelector('h1').style.width = '3000px'")
    assert "color-contrast" in {doubt.rule for doubt in run_axe(page)[0]}
    assert "sideways" in {finding.rule for finding in look_at_layout(page)}
