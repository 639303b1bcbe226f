"""Every probe can fail: it finds the mistake that it is there for, and nothing on a good page."""

import pytest

from tests.browser import bad_pages, behaviours, probes
from tests.browser.axe import run_axe

pytestmark = pytest.mark.browser
# Probes wait for answers that these pages never give.
SOON_MS = 1_500
GOOD = (
    "<a href='#main'>Skip</a><main id=main tabindex=-1><h1>Good</h1><p>Words with"
    " <a href='?1'>a link</a> in them.</p><button>Save</button> <button>Remove</button></main>"
)
PROBES = {
    probes.look_at_layout: bad_pages.LAYOUT,
    probes.look_in_forced_colours: bad_pages.FORCED_COLOURS,
    probes.look_for_motion: bad_pages.MOTION,
    probes.walk_by_tab: bad_pages.TAB,
    behaviours.try_skip_link: bad_pages.SKIP_LINK,
    behaviours.try_shortcuts: bad_pages.SHORTCUTS,
    behaviours.try_overlays: bad_pages.OVERLAYS,
    behaviours.try_drawer: bad_pages.DRAWER,
    behaviours.try_swaps: bad_pages.SWAPS,
}
MISTAKES = {name: html for pages in PROBES.values() for name, html in pages.items()}


@pytest.fixture
def rules_found(window, monkeypatch):
    """Show a page to every probe that looks for such mistakes; return the rules they name."""
    monkeypatch.setattr(behaviours, "ANSWER_MS", SOON_MS)
    window.route("http://bad.example/*", lambda route: route.fulfill(body=html[0]))
    html = [""]

    def show(page_html, only):
        html[0] = bad_pages.HEAD + page_html
        found = set()
        for probe in only:
            window.emulate_media(reduced_motion="no-preference", forced_colors="none")
            window.goto("http://bad.example/page")
            found |= {finding.rule for finding in probe(window)}
        return found

    yield show
    window.unroute("http://bad.example/*")


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_found(rules_found, name):
    for_it = [probe for probe, pages in PROBES.items() if name in pages]
    assert name.split(",")[0] in rules_found(MISTAKES[name], for_it)


def test_nothing_is_found_on_a_good_page(rules_found):
    assert rules_found(GOOD, PROBES) == set()


def test_axe_finds_a_mistake_and_what_it_cannot_decide(window):
    window.set_content(f"{bad_pages.HEAD}<h1 style='color: #ccc'>Pale</h1>")
    wrong, undecided = run_axe(window)
    assert "color-contrast" in {finding.rule for finding in wrong}
    assert undecided == []
    window.set_content(f"{bad_pages.HEAD}<h1 style='background: linear-gradient(red, #000)'>X</h1>")
    wrong, undecided = run_axe(window)
    assert "color-contrast" in {finding.rule for finding in undecided}
