"""One product for all journeys; fresh browsers for each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.browsers import Browsers
from tests.journeys.product import Product, started
from tests.journeys.sitemap import read_url_map
from tests.journeys.stops import Stop, find_stops

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def product(chromium: Browser) -> Iterator[Product]:
    with started() as product:
        yield product


@pytest.fixture(scope="session")
def all_browsers(chromium: Browser, product: Product) -> Browsers:
    return Browsers(chromium, product.address)


@pytest.fixture(scope="session")
def stops(all_browsers: Browsers, tmp_path_factory: pytest.TempPathFactory) -> list[Stop]:
    return find_stops(all_browsers, read_url_map(tmp_path_factory.mktemp("map")))


@pytest.fixture
def browsers(all_browsers: Browsers) -> Iterator[Browsers]:
    """Browsers that are closed after the test, which fails when one of them complained."""
    yield all_browsers
    assert all_browsers.close() == []


@pytest.fixture
def open_browser(browsers: Browsers) -> Open:
    return browsers.open
