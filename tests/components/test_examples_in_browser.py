"""Every example of every contract in a real browser, with the product's own files and policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import Doubt, run_axe
from tests.browser.behaviours import try_overlays
from tests.browser.probes import (
    look_at_layout,
    look_for_motion,
    look_in_forced_colours,
    walk_by_tab,
)
from tests.browser.sheets import Gallery, Sheet, make_gallery
from tests.browser.sizes import (
    DESK,
    LAYOUTS,
    PHONE,
    TABLET,
    THEMES_AND_SIZES,
    WHOLE_MATRIX,
    look_at_sizes,
    resize,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return make_gallery()


@pytest.fixture(scope="module")
def address(gallery: Gallery) -> Iterator[str]:
    with gallery.open() as address:
        yield address


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def visited(window: Page, sheets: list[Sheet]) -> Iterator[Sheet]:
    for sheet in sheets:
        window.goto(sheet.address)
        yield sheet


def debts_of(sheet: Sheet, doubt: Doubt) -> dict[str, str]:
    return {
        rule: reason
        for shown in sheet.shown
        if doubt.place in ("", shown.example.name)
        for rule, reason in shown.example.axe_debt.items()
    }


def test_every_example_is_on_one_sheet(gallery):
    shown = [(one.contract.id, one.example.name) for sheet in gallery.sheets for one in sheet.shown]
    assert sorted(shown) == sorted(
        (contract.id, example.name)
        for contract in gallery.registry
        for example in contract.examples
    )


def test_examples_keep_their_place_and_their_keys(window, gallery):
    found = []
    for sheet in visited(window, gallery.sheets):
        looks = [
            *look_at_sizes(window, LAYOUTS, look_at_layout),
            *look_at_sizes(window, [PHONE], try_overlays),
            *look_at_sizes(window, [DESK], walk_by_tab, look_in_forced_colours, look_for_motion),
        ]
        found += [f"{sheet.name} {words}" for words in looks]
    assert not found, "\n".join(found)


@pytest.mark.proof
def test_examples_keep_their_keys_in_windows_of_any_size(window, gallery):
    found = []
    for sheet in visited(window, gallery.sheets):
        looks = [
            *look_at_sizes(window, [PHONE, TABLET], walk_by_tab, look_in_forced_colours),
            *look_at_sizes(window, [TABLET, DESK], try_overlays),
        ]
        found += [f"{sheet.name} {words}" for words in looks]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("theme", "size"), THEMES_AND_SIZES)
def test_axe_finds_nothing_and_doubts_nothing_unexplained(window, gallery, theme, size):
    window.emulate_media(color_scheme=theme)
    resize(window, size)
    found = []
    for sheet in visited(window, gallery.sheets):
        wrong, undecided = run_axe(window)
        found += [f"{sheet.name}: {doubt.place}: {doubt}" for doubt in wrong]
        found += [
            f"{sheet.name}: {doubt.place}: undecided: {doubt}"
            for doubt in undecided
            if doubt.rule not in debts_of(sheet, doubt)
        ]
    assert not found, "\n".join(found)


def test_every_explanation_of_a_doubt_still_applies(window, gallery):
    explained = [sheet for sheet in gallery.sheets if any(s.example.axe_debt for s in sheet.shown)]
    outlived = []
    for sheet in visited(window, explained):
        doubted = set()
        for theme, size in WHOLE_MATRIX:
            window.emulate_media(color_scheme=theme)
            resize(window, size)
            doubted |= {(doubt.place, doubt.rule) for doubt in run_axe(window)[1]}
        outlived += [
            f"{shown.name}: {rule}"
            for shown in sheet.shown
            for rule in shown.example.axe_debt
            if not {("", rule), (shown.example.name, rule)} & doubted
        ]
    assert not outlived, "\n".join(outlived)
