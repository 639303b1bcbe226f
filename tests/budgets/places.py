"""Which pages are measured: every one there is, found by following links."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.routing import Map

from tests.journeys.browsers import Browsers
from tests.journeys.occasions import make_occasions
from tests.journeys.sitemap import find_pages, pages_in

OWNER, ADMIN = "owner@alder.example", "admin@alder.example"
CONSULTANT = "consultant@shared.example"


@dataclass(frozen=True)
class Place:
    """One page, by its route template, and somebody who may see it; None is not signed in."""

    route: str
    address: str
    who: str | None


def find_places(browsers: Browsers, url_map: Map) -> list[Place]:
    """Return one address of each page; complain of a page that nobody's links lead to."""
    wanted = pages_in(url_map)
    owner = browsers.open(OWNER)
    make_occasions(owner, browsers.open(ADMIN))
    found = dict(_visit(owner, OWNER, "/t/alder/", url_map, wanted))
    for who, start in ((None, "/sign-in"), (CONSULTANT, "/tenants")):
        visitor = browsers.open(who)
        found |= _visit(visitor, who, start, url_map, wanted - found.keys())
    browsers.close()
    missing = sorted(wanted - found.keys())
    assert not missing, f"No link leads to {', '.join(missing)}."
    return sorted(found.values(), key=lambda place: place.route)


def _visit(
    visitor: Page, who: str | None, start: str, url_map: Map, wanted: Iterable[str]
) -> Iterator[tuple[str, Place]]:
    addresses = url_map.bind("127.0.0.1")
    for endpoint, address in find_pages(visitor, start, url_map, wanted).items():
        rule, _values = addresses.match(urlsplit(address).path, "GET", return_rule=True)
        yield endpoint, Place(rule.rule, address, who)
