"""Takes the pictures: each thing in both themes and at three widths."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.sheets import make_gallery
from tests.browser.sizes import DESK, PHONE, TABLET, resize
from tests.journeys.browsers import Browsers
from tests.journeys.stops import Stop

SHOTS = [(theme, size) for theme in ("light", "dark") for size in (PHONE, TABLET, DESK)]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Subject:
    """Something to take pictures of: where it is, and in which folder its pictures go."""

    folder: Path
    address: str
    # Of an example only the place with it is interesting, of a page all of it.
    place: str | None = None

    def missing(self, *, fresh: bool) -> Iterator[tuple[str, tuple[int, int], Path]]:
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
            None if sheet.is_whole_page else "main",
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
    taken = 0
    for stop in stops:
        subject = Subject(folder / "pages" / _slug(stop.name), stop.address)
        open_page = partial(browsers.open, stop.who, reduced_motion="reduce")
        taken += take(open_page, [subject], fresh=fresh, say=say)
        browsers.close()
    return taken


def take(
    open_page: Callable[[], Page], subjects: Iterable[Subject], *, fresh: bool, say: Say
) -> int:
    """Take what is missing of each subject; a browser is opened only for what is."""
    page, taken = None, 0
    for subject in subjects:
        missing = list(subject.missing(fresh=fresh))
        name = "/".join(subject.folder.parts[-2:])
        if not missing:
            say(f"{name}: as it is")
            continue
        page = page or open_page()
        page.goto(subject.address)
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
    if place:
        page.locator(place).screenshot(path=half)
    else:
        page.screenshot(path=half, full_page=True)
    half.replace(file)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
