"""Which pages are measured: every one there is, found by following links."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.routing import Map

from app import create_app
from app.audit.exports.settings import ExportSettings
from app.audit.proof.settings import SealSettings
from app.boot.database_addresses import GivenDatabase
from app.boot.settings import Settings
from app.gateway.settings import GatewaySettings
from app.kernel.mail import MailSettings
from tests.journeys.browsers import Browsers
from tests.journeys.sitemap import find_pages, pages_in
from tests.support.databases import SECRET

OWNER, CONSULTANT = "owner@alder.example", "consultant@shared.example"


@dataclass(frozen=True)
class Place:
    """One page, by its route template, and somebody who may see it; None is not signed in."""

    route: str
    address: str
    who: str | None


def load_url_map(folder: Path) -> Map:
    """Return the map of addresses of an app that is never asked anything."""
    nowhere = GivenDatabase("postgresql+psycopg:///nowhere", "postgresql+psycopg:///nowhere")
    mail = MailSettings(None, 587, None, None, "ballast@localhost")
    seal = SealSettings("ballast.example", folder)
    exports = ExportSettings(folder / "exports")
    settings = Settings(folder, nowhere, SECRET, GatewaySettings(), mail, seal, exports)
    return create_app(settings).url_map


def find_places(browsers: Browsers, url_map: Map) -> list[Place]:
    """Return one address of each page; complain of a page that nobody's links lead to."""
    wanted = pages_in(url_map)
    owner = browsers.open(OWNER)
    _invite_somebody(owner)
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


def _invite_somebody(owner: Page) -> None:
    owner.goto("/t/alder/people/invitations/new")
    owner.get_by_label("Work email").fill("somebody.new@alderhealth.example")
    owner.get_by_role("button", name="Send invitation").click()
    owner.get_by_text("is invited.").wait_for()
