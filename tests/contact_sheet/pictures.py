"""Takes the pictures: each thing in both themes and at three widths."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, FloatRect, Page

from tests.browser.sheets import make_gallery
from tests.browser.sizes import DESK, PHONE, TABLET, resize
from tests.journeys.browsers import Browsers, go_to
from tests.journeys.stops import Stop

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
SHOTS = [(theme, size) for theme in THEMES for size in (PHONE, TABLET, DESK)]
MARGIN = 16
Say = Callable[[str], None]


@dataclass(frozen=True)
class Subject:
    """Something to take pictures of: where it is, and in which folder its pictures go."""

    folder: Path
    address: str
    # Of an example only the place with it is interesting, of a page all of it.
    place: str | None = None

    def missing(self, *, fresh: bool) -> Iterator[tuple[Theme, tuple[int, int], Path]]:
        """What has to be taken: theme, size and file."""
        for theme, size in SHOTS:
            file = self.folder / f"{theme}-{size[0]}.png"
            if fresh or not file.exists():
                yield theme, size, file


def take_examples(
    browser: Browser, folder: Path, *, only: str | None, fresh: bool, say: Say
) -> int:
    """Take pictures of every example, or those of one contract; return how many were taken."""
    gallery = make_gallery(only, together=False)
    subjects = [
        Subject(
            folder
            / "examples"
            / _slug(sheet.shown[0].contract.id)
            / _slug(sheet.shown[0].example.name),
            sheet.address,
            None if sheet.is_whole_page else "[data-example]",
        )
        for sheet in gallery.sheets
    ]
    with gallery.open() as address:
        context = browser.new_context(base_url=address, reduced_motion="reduce")
        taken = take(context.new_page, subjects, fresh=fresh, say=say)
        context.close()
    return taken


def take_pages(
    browsers: Browsers, stops: Iterable[Stop], folder: Path, *, fresh: bool, say: Say
) -> int:
    """Take pictures of every stop, each seen by whoever may see it; return how many."""
    taken, stops = 0, list(stops)
    for who in dict.fromkeys(stop.who for stop in stops):
        open_page = partial(browsers.open, who, reduced_motion="reduce")
        subjects = [
            Subject(folder / "pages" / _slug(stop.name), stop.address)
            for stop in stops
            if stop.who == who
        ]
        taken += take(open_page, subjects, fresh=fresh, say=say)
        browsers.close()
    return taken


def take(open_page: Callable[[], Page], subjects: list[Subject], *, fresh: bool, say: Say) -> int:
    """Take what is missing of each subject; a browser is opened only for what is."""
    page, taken = None, 0
    for number, subject in enumerate(subjects, 1):
        missing = list(subject.missing(fresh=fresh))
        name = f"{number:3} of {len(subjects)}  {'/'.join(subject.folder.parts[-2:])}"
        if not missing:
            say(f"{name}: as it is")
            continue
        page = page or open_page()
        go_to(page, subject.address)
        subject.folder.mkdir(parents=True, exist_ok=True)
        for theme, size, file in missing:
            page.emulate_media(color_scheme=theme)
            resize(page, size)
            _shoot(page, subject.place, file)
        taken += len(missing)
        say(f"{name}: {len(missing)} taken")
    return taken


def _shoot(page: Page, place: str | None, file: Path) -> None:
    # Under another name until it is complete: what is there is not taken again.
    half = file.with_suffix(".part.png")
    page.screenshot(path=half, full_page=True, clip=_around(page, place) if place else None)
    half.replace(file)


def _around(page: Page, place: str) -> FloatRect:
    """Return the box of an example with a margin; an empty example has nothing but the margin."""
    box = page.locator(place).bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    left, top = max(box["x"] - MARGIN, 0), max(box["y"] - MARGIN, 0)
    return {
        "x": left,
        "y": top,
        "width": box["x"] + box["width"] + MARGIN - left,
        "height": box["y"] + box["height"] + MARGIN - top,
    }


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
