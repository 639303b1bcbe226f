"""The windows and themes that everything is looked at in."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.probes import Finding

PHONE, TABLET, DESK, WIDE = (320, 800), (768, 1024), (1280, 800), (1440, 900)
# A desk at 200 %: half the pixels of CSS in each direction.
ZOOMED = (DESK[0] // 2, DESK[1] // 2)
LAYOUTS = (PHONE, TABLET, WIDE, ZOOMED)
# Half of the matrix is looked at in every run, and so that each theme and each width is; the
# other half with the proofs.
THEMES_AND_SIZES = (
    pytest.param("light", DESK, id="light, 1280"),
    pytest.param("dark", PHONE, id="dark, 320"),
    pytest.param("light", PHONE, id="light, 320", marks=pytest.mark.proof),
    pytest.param("dark", DESK, id="dark, 1280", marks=pytest.mark.proof),
)
WHOLE_MATRIX = [(theme, size) for theme in ("light", "dark") for size in (DESK, PHONE)]

Look = Callable[[Page], Iterable[Finding]]


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the window another size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def look_at_sizes(page: Page, sizes: Iterable[tuple[int, int]], *looks: Look) -> Iterator[str]:
    """Look at a page in windows of some sizes; yield what is found, with the width."""
    for size in sizes:
        resize(page, size)
        for look in looks:
            yield from (f"at {size[0]} px: {finding}" for finding in look(page))
