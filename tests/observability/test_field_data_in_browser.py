"""Field data in a real browser: what our script sends when a page is left, and what it omits."""

import io
import json
import time

import pytest
from playwright.sync_api import Page
from sqlalchemy import delete, select

from app.identity.roles import Role
from app.kernel.database import unit_of_work
from app.kernel.routing import database
from app.observability.field_data.models import FieldMeasurement
from tests.factories.audit import AuditEventFactory
from tests.support.chromium import PATIENCE_MS
from tests.support.live_app import serving

# When a browser tells is its own affair, and on a busy machine it tells late: not in every run.
pytestmark = [pytest.mark.browser, pytest.mark.proof]
PUT_AWAY = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""
# Resolves when the browser has told of such an entry: whoever leaves before has not seen the page.
TOLD_OF = """([type, name]) => new Promise((resolve) => {
  const isIt = (entry) => !name || entry.name === name;
  new PerformanceObserver((told) => told.getEntries().some(isIt) && resolve())
    .observe({ type, buffered: true });
})"""
# The browser remembers what took more than 104 ms, and the library leaves out what is quick.
SLOW_KEYS = """() => document.addEventListener("keydown", () => {
  for (const end = performance.now() + 120; performance.now() < end;);
})"""
LOG = "/t/<slug:tenant>/audit-log"


# What somebody asked for, other than parts that come by themselves.
SETTLING = """() => {
  window.settled = new Promise((done) => document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.requestConfig.elt.hasAttribute("hx-trigger")) setTimeout(done);
  }));
}"""


@pytest.fixture
def reports():
    """The bodies and headers that reach the door, as they come: the browser shows neither."""
    return []


@pytest.fixture
def address(app, reports):
    """A server for each test: what a page of the one before still sends finds nobody there."""

    def listening(environ, start_response):
        if environ["PATH_INFO"] == "/field-data":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            reports.append((json.loads(body), dict(environ)))
        return app(environ, start_response)

    with serving(listening) as address:
        yield address


@pytest.fixture
def page(chromium, address):
    """A browser; the test fails when it complains."""
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture(autouse=True)
def _nothing_told_yet(app):
    with app.app_context(), database().session(), unit_of_work() as session:
        session.execute(delete(FieldMeasurement))


@pytest.fixture
def kept(app):
    """Return what is stored, by its metric, once one of this metric is."""

    def reading(metric):
        for _ in range(PATIENCE_MS // 50):
            with app.app_context(), database().session() as session:
                rows = {row.metric: row for row in session.scalars(select(FieldMeasurement))}
            if metric in rows:
                break
            time.sleep(0.05)
        return rows

    return reading


def look_at(page: Page, address: str) -> None:
    """Open a page, and wait until there is something to see."""
    page.goto(address)
    page.evaluate(TOLD_OF, ["largest-contentful-paint", None])


def leave(page: Page, reports: list) -> tuple[dict, dict]:
    """Leave the page; return the report that this sends, and its headers.

    It is the one that tells when the largest part appeared, which is known for sure only then.
    """
    page.goto("about:blank")
    for _ in range(PATIENCE_MS // 50):
        for report, headers in reports:
            if "LCP" in {one["metric"] for one in report["measurements"]}:
                return report, headers
        page.wait_for_timeout(50)
    raise AssertionError("The page was left, and told nothing.")


def sign_in(page, world):
    """Give the browser the cookie of an owner, so that it comes from no other page."""
    cookie = world.as_person(Role.OWNER).client.get_cookie("ballast")
    kept = {"name": "ballast", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([kept])


def test_page_that_is_left_tells_how_fast_it_was(page, reports, kept):
    look_at(page, "/sign-in")
    page.get_by_label("Work email").click()
    page.evaluate(SLOW_KEYS)
    page.keyboard.type("ann")
    page.evaluate(TOLD_OF, ["event", "keydown"])
    leave(page, reports)
    rows = kept("LCP")
    assert {"LCP", "INP", "CLS", "FCP", "TTFB"} == set(rows)
    assert {row.route for row in rows.values()} == {"/sign-in"}
    assert {(row.device, row.navigation) for row in rows.values()} == {("desktop", "navigate")}
    assert rows["INP"].component == "field"
    assert rows["LCP"].value > 0


def test_phone_is_known_by_its_width(page, reports):
    page.set_viewport_size({"width": 390, "height": 700})
    look_at(page, "/sign-in")
    report, _headers = leave(page, reports)
    assert report["device"] == "phone"


def test_report_carries_no_cookie_and_no_address(page, reports, alder):
    event = alder.make(AuditEventFactory)
    sign_in(page, alder)
    look_at(page, f"{alder.path}/audit-log/{event.id}?q=secret")
    report, headers = leave(page, reports)
    assert "HTTP_COOKIE" not in headers
    assert headers["HTTP_SEC_FETCH_SITE"] == "same-origin"
    assert {one["route"] for one in report["measurements"]} == {f"{LOG}/<uuid:event_id>"}
    for secret in (alder.tenant.slug, str(event.id), "secret"):
        assert secret not in str(report)


def test_swap_is_timed_with_the_route_of_the_part(page, reports, kept, alder):
    alder.make(AuditEventFactory)
    sign_in(page, alder)
    look_at(page, f"{alder.path}/audit-log")
    page.keyboard.press("/")
    page.keyboard.type("outcome:success")
    page.evaluate(SETTLING)
    page.keyboard.press("Enter")
    # That is where the time ends.
    page.evaluate("window.settled")
    leave(page, reports)
    swap = kept("SWAP")["SWAP"]
    assert (swap.route, swap.navigation, swap.component) == (LOG, "swap", "filter_bar")
    assert swap.value > 0


def test_examples_inside_a_page_are_no_page_views(page, reports, alder):
    sign_in(page, alder)
    look_at(page, "/design/badge")
    page.frame_locator("iframe").first.locator("main").wait_for()
    leave(page, reports)
    # Whatever the frames had sent would have come before what this page sends.
    look_at(page, f"{alder.path}/")
    page.goto("about:blank")
    routes = {one["route"] for report, _headers in reports for one in report["measurements"]}
    assert "/design/<slug:name>" in routes
    assert not [route for route in routes if "examples" in route]


def test_page_that_is_put_away_twice_reports_each_value_once(page, reports):
    look_at(page, "/sign-in")
    for state in ("hidden", "visible", "hidden"):
        page.evaluate(PUT_AWAY, state)
    page.get_by_label("Work email").click()
    leave(page, reports)
    sent = [one["metric"] for report, _headers in reports for one in report["measurements"]]
    assert {"CLS", "LCP"} <= set(sent)
    assert len(sent) == len(set(sent))


def test_page_that_is_not_asked_reports_nothing(app, page, settings, reports, monkeypatch):
    values = {name: getattr(settings, name) for name in settings.__slots__}
    with monkeypatch.context() as patch:
        silent = type(settings)(**{**values, "field_data_rate": 0.0})
        patch.setitem(app.config, "SETTINGS", silent)
        look_at(page, "/sign-in")
        page.get_by_label("Work email").click()
    # The next page is asked, and its report would come after one of this page.
    look_at(page, "/sign-in?next=/")
    leave(page, reports)
    assert len(reports) == 1
