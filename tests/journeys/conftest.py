"""One product and one Chromium for all journeys; fresh browsers for each."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.browsers import PATIENCE_MS, Browsers
from tests.journeys.product import Product, started

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium's own sandbox does not work for root, which is who tests are in a container.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    paths = [path for name in NAMES if (path := shutil.which(name))]
    if not paths:
        reason = f"no browser: none of {', '.join(NAMES)} is on the PATH (`make browser`)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=paths[0], args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def product(chromium: Browser) -> Iterator[Product]:
    with started() as product:
        yield product


@pytest.fixture(scope="session")
def all_browsers(chromium: Browser, product: Product) -> Browsers:
    return Browsers(chromium, product.address)


@pytest.fixture
def browsers(all_browsers: Browsers) -> Iterator[Browsers]:
    """Browsers that are closed after the test, which fails when one of them complained."""
    yield all_browsers
    assert all_browsers.close() == []


@pytest.fixture
def open_browser(browsers: Browsers) -> Open:
    return browsers.open
