"""The stops of the sweep: one address of every page, and states that no link leads to."""

from dataclasses import dataclass

from playwright.sync_api import Page
from werkzeug.routing import Map

from tests.journeys.browsers import Browsers
from tests.journeys.occasions import make_occasions
from tests.journeys.sitemap import find_pages, forms_in, pages_in

OWNER, ADMIN, EDITOR, CONSULTANT = (
    "owner@alder.example",
    "admin@alder.example",
    "editor@alder.example",
    "consultant@shared.example",
)
STATES = {
    "no match": (OWNER, "/t/alder/audit-log?q=actor:nobody"),
    "mistakes in the query": (OWNER, "/t/alder/audit-log?q=outcome:maybe+created:someday"),
    "bad parameters": (OWNER, "/t/alder/people?cursor=forged&size=7"),
    "no such page": (OWNER, "/t/alder/nothing"),
    "not allowed": (EDITOR, "/t/alder/audit-log"),
    "no right to details": (EDITOR, "/t/alder/summaries"),
}


@dataclass(frozen=True)
class Stop:
    """One page of the sweep, and who looks at it; a form is sent to its own address."""

    name: str
    who: str | None
    address: str
    is_form: bool = False


def find_stops(browsers: Browsers, url_map: Map) -> list[Stop]:
    """Follow links through the product until one address of each page is known."""
    wanted = pages_in(url_map)
    owner = browsers.open(OWNER)
    make_occasions(owner, browsers.open(ADMIN))
    found = find_pages(owner, "/t/alder/", url_map, wanted)
    forms = forms_in(url_map)
    stops = [Stop(name, OWNER, address, name in forms) for name, address in found.items()]
    for who, start in (
        (None, "/sign-in"),
        (None, found["settings.mail"]),
        (CONSULTANT, "/tenants"),
    ):
        visitor = browsers.open(who)
        more = find_pages(visitor, start, url_map, wanted - {stop.name for stop in stops})
        stops += [Stop(name, who, address, name in forms) for name, address in more.items()]
    unreached = wanted - {stop.name for stop in stops}
    assert not unreached, f"No link leads to {', '.join(sorted(unreached))}."
    stops.append(Stop("drawer", OWNER, drawer_of(owner)))
    stops.append(Stop("invitation of a stranger", None, found["acceptance.accept"]))
    browsers.close()
    return stops + [Stop(name, *state) for name, state in STATES.items()]


def drawer_of(owner: Page) -> str:
    """Return the address of a list with the detail of a row beside it."""
    owner.goto("/t/alder/audit-log?q=action:member.role_changed")
    address = owner.locator("table[data-rows] tbody a").first.get_attribute("href")
    assert address is not None
    return address
