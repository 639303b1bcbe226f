"""What holds on every page, whatever it shows: nothing breaks, nothing is shut out."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app import create_app
from app.boot.database_addresses import GivenDatabase
from app.boot.settings import Settings
from app.gateway.settings import GatewaySettings
from app.kernel.mail import MailSettings
from tests.journeys.sitemap import find_pages, pages_in
from tests.support.databases import SECRET

pytestmark = pytest.mark.browser
OWNER, EDITOR, CONSULTANT = (
    "owner@alder.example",
    "editor@alder.example",
    "consultant@shared.example",
)
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # The dark theme changes colours and nothing else.
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# States of pages that no link leads to, which have to be right as well.
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
    """One page of the sweep, and who looks at it."""

    name: str
    who: str | None
    address: str


@pytest.fixture(scope="session")
def url_map(tmp_path_factory):
    """The map of addresses of an app that is never asked anything."""
    nowhere = GivenDatabase("postgresql+psycopg:///nowhere", "postgresql+psycopg:///nowhere")
    mail = MailSettings(None, 587, None, None, "ballast@localhost")
    folder: Path = tmp_path_factory.mktemp("map")
    return create_app(Settings(folder, nowhere, SECRET, GatewaySettings(), mail)).url_map


@pytest.fixture(scope="session")
def stops(all_browsers, url_map) -> list[Stop]:
    wanted = pages_in(url_map)
    owner = all_browsers.open(OWNER)
    invite_somebody(owner)
    found = find_pages(owner, "/t/alder/", url_map, wanted)
    stops = [Stop(name, OWNER, address) for name, address in found.items()]
    for who, start in (
        (None, "/sign-in"),
        (None, found["settings.mail"]),
        (CONSULTANT, "/tenants"),
    ):
        visitor = all_browsers.open(who)
        more = find_pages(visitor, start, url_map, wanted - {stop.name for stop in stops})
        stops += [Stop(name, who, address) for name, address in more.items()]
    unreached = wanted - {stop.name for stop in stops}
    assert not unreached, f"No link leads to {', '.join(sorted(unreached))}."
    stops.append(Stop("drawer", OWNER, drawer_of(owner)))
    all_browsers.close()
    return stops + [Stop(name, *state) for name, state in STATES.items()]


def invite_somebody(owner: Page) -> None:
    owner.goto("/t/alder/people/invitations/new")
    owner.get_by_label("Work email").fill("nils.with.a.rather.long.address@alderhealth.example")
    owner.get_by_role("button", name="Send invitation").click()
    expect(owner.get_by_text("is invited.")).to_be_visible()


def drawer_of(owner: Page) -> str:
    owner.goto("/t/alder/audit-log?q=action:member.role_changed")
    return owner.locator("table[data-rows] a").first.get_attribute("href")


def visited(browsers, stops, **options):
    """Go to every page; yield it with its stop."""
    pages = {who: browsers.open(who, **options) for who in {stop.who for stop in stops}}
    for stop in stops:
        page = pages[stop.who]
        page.goto(stop.address)
        yield stop, page


def test_nothing_scrolls_sideways_on_any_page(browsers, stops):
    wide = []
    for stop, page in visited(browsers, stops):
        for width in (320, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(SIDEWAYS) > 0:
                wide.append(f"{stop.name} at {width} px")
    assert wide == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browsers, stops, theme):
    found = []
    for stop, page in visited(browsers, stops, color_scheme=theme):
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{stop.name} at {width} px: {words}" for words in violations(page, theme)]
    assert found == []


def violations(page: Page, theme: str = "light") -> list[str]:
    """Return what axe finds on a page as it is now."""
    options = {"runOnly": RULES[theme], "resultTypes": ["violations"]}
    return [
        f"{violation['id']}: {node['target']}"
        for violation in Axe().run(page, options=options).response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_a_form_with_mistakes(browsers, width):
    owner, nobody = browsers.open(OWNER, width=width), browsers.open(width=width)
    forms = (
        (nobody, "/sign-in", "Sign in"),
        (owner, "/t/alder/people/invitations/new", "Send invitation"),
        (owner, "/t/alder/settings/api-keys/new", "Create key"),
    )
    found = []
    for page, address, label in forms:
        page.goto(address)
        page.get_by_role("button", name=label).click()
        expect(page.get_by_role("alert").first).to_be_visible()
        found += [f"{address}: {words}" for words in violations(page)]
    assert found == []


def test_axe_would_find_a_mistake(open_browser):
    page = open_browser(OWNER)
    page.goto("/t/alder/")
    page.evaluate("document.querySelector('h1').style.color = document.body.style.color = '#ccc'")
    assert any("color-contrast" in words for words in violations(page))
    assert any("color-contrast" in words for words in violations(page, "dark"))
