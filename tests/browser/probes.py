"""Runs the probes of this folder in a page, and says what they found."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent
PARTS = [
    (HERE / f"{name}.js").read_text("utf-8")
    for name in ("shared", "layout", "targets", "modes", "focus")
]
# What may scroll sideways in its place, because that is what it is there for.
SCROLLS_ON_PURPOSE = {
    ".ds-specimen__stage": "it shows a page at the width of another window",
    ".ds-filter__caret": "it shows a query with the place of a mistake, which must not wrap",
}
SCRIPTS = "() => {" + "\n".join(PARTS) + "}"
# A focus that is not out of the page after this many stops too many will never be: parts of a
# date are stops of their own, and so is what a page in a frame holds.
STOPS_TOO_MANY = """6 + 8 * document.querySelectorAll("input[type^=date], input[type=time]").length
    + 40 * document.querySelectorAll("iframe").length"""


@dataclass(frozen=True, order=True)
class Finding:
    """Something on a page that is not right: by which rule, at which element, and how."""

    rule: str
    selector: str
    words: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.selector}: {self.words}"


def look(page: Page, *probes: str) -> list[Finding]:
    """Run probes in a page as it is now; return each finding once."""
    bring_probes(page)
    found = [
        Finding(**said)
        for name in probes
        for said in page.evaluate("name => probe.run(name)", name)
    ]
    return sorted(set(found))


def look_at_layout(page: Page) -> list[Finding]:
    """Nothing scrolls sideways, sticks out, is cut off or overlaps; targets keep their size."""
    return look(page, "layout", "targets", "numbers")


def look_in_forced_colours(page: Page) -> list[Finding]:
    """What has an edge in ordinary colours has one in the reader's own, and states stay visible."""
    look(page, "rememberEdges")
    page.emulate_media(forced_colors="active")
    found = look(page, "forcedColours")
    page.emulate_media(forced_colors="none")
    return found


def look_for_motion(page: Page) -> list[Finding]:
    """Nothing moves for those who asked for that."""
    page.emulate_media(reduced_motion="reduce")
    return look(page, "stillness")


def walk_by_tab(page: Page) -> list[Finding]:
    """Go through a page with Tab and back with Shift+Tab; every stop is in order and visible."""
    bring_probes(page)
    page.evaluate("probe.toTop()")
    stops = page.evaluate("probe.stops().length")
    if not stops:
        return []
    found = _walk(page, "Tab", stops)
    if not page.evaluate("document.activeElement === document.body"):
        # The round has begun again; the way back begins behind the last stop.
        page.keyboard.press("Shift+Tab")
    return sorted({*found, *_walk(page, "Shift+Tab", stops)})


def _walk(page: Page, key: str, stops: int) -> list[Finding]:
    page.evaluate("probe.watchFocus()")
    for _ in range(stops + 1):
        page.keyboard.press(key)
    more, most = 0, page.evaluate(STOPS_TOO_MANY)
    while not page.evaluate("probe.isRoundDone()"):
        if more == most:
            where = page.evaluate("probe.nameOf(document.activeElement)")
            return [Finding("focus-trap", where, f"{key} does not lead out of the page")]
        page.keyboard.press(key)
        more += 1
    back = key != "Tab"
    found = page.evaluate(
        "back => { probe.run('trailFindings', back); return probe.findings }", back
    )
    return [Finding(**said) for said in found]


def bring_probes(page: Page) -> None:
    """Put the scripts of the probes into a page, unless they are there."""
    if not page.evaluate("'probe' in globalThis"):
        page.evaluate(SCRIPTS)
        page.evaluate("places => { probe.onPurpose = places; }", ", ".join(SCROLLS_ON_PURPOSE))
