"""Field data in a real browser: what our script sends when a page is left, and what it omits."""

import io
import json
import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from app.identity.roles import Role
from app.kernel.database import unit_of_work
from app.kernel.routing import database
from app.observability.field_data.models import FieldMeasurement
from tests.factories.audit import AuditEventFactory
from tests.factories.identity import PASSWORD
from tests.support.chromium import PATIENCE_MS
from tests.support.live_app import serving

pytestmark = pytest.mark.browser
PUT_AWAY = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""
LOG = "/t/<slug:tenant>/audit-log"


@pytest.fixture(scope="module")
def reports():
    """The bodies and headers that reach the door, as they come: the browser shows neither."""
    return []


@pytest.fixture(scope="module")
def address(app, reports):
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
def _nothing_told_yet(app, reports):
    reports.clear()
    with app.app_context(), database().session(), unit_of_work() as session:
        session.execute(delete(FieldMeasurement))


@pytest.fixture
def kept(app):
    """Return what is stored, by its metric, once something is."""

    def reading():
        for _ in range(PATIENCE_MS // 50):
            with app.app_context(), database().session() as session:
                rows = {row.metric: row for row in session.scalars(select(FieldMeasurement))}
            if rows:
                break
            time.sleep(0.05)
        return rows

    return reading


def leave(page: Page, reports: list) -> tuple[dict, dict]:
    """Leave the page; return the report that this sends, and its headers."""
    before = len(reports)
    page.goto("about:blank")
    for _ in range(PATIENCE_MS // 50):
        if len(reports) > before:
            break
        page.wait_for_timeout(50)
    return reports[-1]


def sign_in(page, world):
    page.goto("/sign-in")
    page.get_by_label("Work email").fill(world.people[Role.OWNER].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").first.wait_for()


def test_page_that_is_left_tells_how_fast_it_was(page, reports, kept):
    page.goto("/sign-in")
    page.get_by_label("Work email").click()
    page.keyboard.type("ann")
    leave(page, reports)
    rows = kept()
    assert {"LCP", "INP", "CLS", "FCP", "TTFB"} == set(rows)
    assert {row.route for row in rows.values()} == {"/sign-in"}
    assert {(row.device, row.navigation) for row in rows.values()} == {("desktop", "navigate")}
    assert rows["INP"].component == "field"
    assert rows["LCP"].value > 0


def test_phone_is_known_by_its_width(page, reports):
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto("/sign-in")
    report, _headers = leave(page, reports)
    assert report["device"] == "phone"


def test_report_carries_no_cookie_and_no_address(page, reports, alder):
    event = alder.make(AuditEventFactory)
    sign_in(page, alder)
    page.goto(f"{alder.path}/audit-log/{event.id}?q=secret")
    report, headers = leave(page, reports)
    assert "HTTP_COOKIE" not in headers
    assert headers["HTTP_SEC_FETCH_SITE"] == "same-origin"
    assert {one["route"] for one in report["measurements"]} == {f"{LOG}/<uuid:event_id>"}
    for secret in (alder.tenant.slug, str(event.id), "secret"):
        assert secret not in str(report)


def test_swap_is_timed_with_the_route_of_the_part(page, reports, kept, alder):
    alder.make(AuditEventFactory)
    sign_in(page, alder)
    page.goto(f"{alder.path}/audit-log")
    page.keyboard.press("/")
    page.keyboard.type("outcome:success")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove filter: Outcome success")).to_be_visible()
    leave(page, reports)
    swap = kept()["SWAP"]
    assert (swap.route, swap.navigation, swap.component) == (LOG, "swap", "filter_bar")
    assert swap.value > 0


def test_page_that_is_put_away_twice_reports_each_value_once(page, reports):
    page.goto("/sign-in")
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
        page.goto("/sign-in")
        page.get_by_label("Work email").click()
    # The next page is asked, and its report would come after one of this page.
    page.goto("/sign-in?next=/")
    leave(page, reports)
    assert len(reports) == 1
