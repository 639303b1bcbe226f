"""Field data: what a browser reports is kept, what anybody else sends is refused with words."""

import datetime as dt
import json

import pytest
from sqlalchemy import delete, func, select

from app.boot.settings import Settings, SettingsError
from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.rate_limit import RateWindow
from app.kernel.routing import database
from app.observability.field_data import routes, store
from app.observability.field_data.metrics import Device, Metric, Rating, rate
from app.observability.field_data.models import FieldMeasurement
from app.observability.field_data.queries import PageSpeed, list_page_speeds
from app.observability.field_data.store import prune_measurements

LOG = "/t/<slug:tenant>/audit-log"
OWN = {"Sec-Fetch-Site": "same-origin"}


def value(metric="LCP", value=812.5, route=LOG, navigation="navigate", **more):
    return {"metric": metric, "value": value, "route": route, "navigation": navigation, **more}


def report(*measurements, device="desktop"):
    return {"device": device, "measurements": list(measurements) or [value()]}


@pytest.fixture
def session(app):
    """An empty table, and nobody who used up an allowance."""
    with app.app_context(), database().session() as session:
        with unit_of_work():
            session.execute(delete(FieldMeasurement))
            session.execute(delete(RateWindow).where(RateWindow.key == "field-data"))
        yield session


@pytest.fixture
def send(visitor):
    """Send a body as our script does."""

    def sending(body, headers=OWN, **options):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        options = {"content_type": "application/json", **options}
        return visitor.client.post("/field-data", data=data, headers=headers, **options)

    return sending


@pytest.fixture
def stored(session):
    """Return what is kept, in the order it came."""

    def reading():
        session.rollback()
        return list(session.scalars(select(FieldMeasurement).order_by(FieldMeasurement.id)))

    return reading


def count(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(FieldMeasurement))


def test_report_of_a_browser_is_kept(send, stored):
    sent = report(value(), value("INP", 48, **{"class": "ds-table__link"}), device="phone")
    answer = send(sent)
    assert (answer.status_code, answer.data) == (204, b"")
    lcp, inp = stored()
    assert (lcp.metric, lcp.value, lcp.route, lcp.navigation) == ("LCP", 812.5, LOG, "navigate")
    assert (inp.metric, inp.value, inp.device) == ("INP", 48.0, "phone")
    assert lcp.measured_on == clock.now().date()


def test_nothing_that_is_kept_could_name_anybody():
    columns = set(FieldMeasurement.__table__.columns.keys())
    assert columns == {
        "id", "measured_on", "route", "metric", "value", "device", "navigation", "component",
    }  # fmt: skip


def test_component_is_the_owner_of_the_class_and_nothing_else(send, stored):
    classes = ["ds-page__nav-link", "ds-invented", "somebody@people.example"]
    assert send(report(*(value("INP", 48, **{"class": name}) for name in classes)))
    assert [row.component for row in stored()] == ["page_shell", None, None]


def test_report_needs_no_session_and_makes_none(send):
    assert "Set-Cookie" not in send(report()).headers


NOT_JSON = [
    b"",
    b"\xff\xfe",
    b"{",
    b"[" * 4000,
    b'{"a":' * 800,
    b'{"device": "desktop", "measurements": NaN}',
    json.dumps(report(value(value=float("nan")))),
    json.dumps(report(value(value=float("-inf")))),
]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: str(body)[:12])
def test_what_is_no_json_is_refused_as_a_problem(send, session, body):
    answer = send(body)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert "JSON" in answer.json["detail"]
    assert count(session) == 0


MISFITS = [
    [],
    '"words"',
    None,
    {},
    {"device": "desktop", "measurements": []},
    {"device": "toaster", "measurements": [value()]},
    {"device": ["desktop"], "measurements": [value()]},
    {**report(), "tenant": "alder"},
    report(value(metric="XSS")),
    report(value(metric={"LCP": 1})),
    report(value(value=-1)),
    report(value(value=600_001)),
    report(value(value=10**3000)),
    report(value(value="12")),
    report(value(value=True)),
    report(value(value=None)),
    report(value("CLS", 101)),
    report(value(navigation="teleport")),
    report(value(route="/t/alder/audit-log")),
    report(value(route="/wp-admin")),
    report(value(route="\x00")),
    report(value(route="\ud800")),
    report(value(route=["x"])),
    report(value(url="https://ballast.example/t/alder/")),
    report(value(**{"class": "x" * 81})),
    report(*[value(route="/")] * 17),
]


@pytest.mark.parametrize("number", range(len(MISFITS)))
def test_what_does_not_fit_is_refused_whole_and_never_repeated(send, session, number):
    answer = send(MISFITS[number])
    assert answer.status_code == 422
    assert "alder" not in answer.text
    assert "wp-admin" not in answer.text
    assert count(session) == 0


def test_number_beyond_all_floats_does_not_fit(send):
    text = json.dumps(report()).replace("812.5", "1e999")
    assert send(text).status_code == 422


@pytest.mark.parametrize("depth", [200, 500, 900, 950, 980, 1000, 1300])
def test_nesting_of_any_depth_is_refused(send, depth):
    text = json.dumps(report()).replace('"desktop"', "[" * depth + "]" * depth)
    assert send(text).status_code in (400, 422)


def test_body_over_four_kilobytes_is_refused(send):
    assert send(b" " * 5000).status_code == 413
    padded = json.dumps(report()).ljust(4096)
    assert send(padded).status_code == 204
    assert send(padded + " ").status_code == 413


def test_body_without_a_length_is_read_no_further_than_the_limit(app):
    """Gunicorn passes chunked bodies on with no length at all."""
    environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    client = app.test_client()
    answer = client.post(
        "/field-data", data=b" " * 9000, content_type="application/json",
        headers=OWN, environ_overrides=environ,
    )  # fmt: skip
    assert answer.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_kinds_that_a_form_of_another_site_could_send_are_refused(send, kind):
    assert send(report(), content_type=kind).status_code == 415


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_report_of_another_site_is_refused(send, session, headers):
    answer = send(report(), headers=headers)
    assert (answer.status_code, answer.json["type"]) == (403, "urn:ballast:problem:foreign-report")
    assert count(session) == 0


def test_browser_that_sends_only_its_origin_may_report(send):
    assert send(report(), headers={"Origin": "http://localhost"}).status_code == 204


def test_door_takes_nothing_but_reports(visitor):
    assert visitor.client.get("/field-data").status_code == 405


def test_only_doors_without_cookies_go_without_a_token(app):
    exempt = {blueprint.name for blueprint in app.extensions["csrf"]._exempt_blueprints}  # noqa: SLF001  the library shows it nowhere else
    assert exempt == {"api", "event_type_api", "field_data"}


def test_source_that_floods_is_told_to_come_back(send, session, monkeypatch):
    monkeypatch.setattr(routes, "REPORTS_PER_MINUTE", 3)
    answers = [send(b"junk" if number % 2 else report()) for number in range(5)]
    assert [answer.status_code for answer in answers] == [204, 400, 204, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) <= 60
    assert count(session) == 2


def test_all_sources_together_cannot_fill_the_disk(app, session, monkeypatch):
    monkeypatch.setattr(store, "MOST_A_DAY", 5)
    answers = [
        app.test_client().post(
            "/field-data", json=report(value(), value("INP", 9)), headers=OWN,
            environ_overrides={"REMOTE_ADDR": f"203.0.113.{number}"},
        )
        for number in range(4)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [204, 204, 429, 429]
    assert count(session) == 4


def test_page_names_its_route_and_where_to_report(alder):
    page = alder.as_person("auditor").get(f"{alder.path}/audit-log")
    assert page.headers["Server-Timing"] == f'route;desc="{LOG}", field-data;desc="/field-data"'


def test_part_of_a_page_names_its_route(alder):
    part = alder.as_person("auditor").part(f"{alder.path}/audit-log", "results")
    assert LOG in part.headers["Server-Timing"]


@pytest.mark.parametrize("address", ["/healthz", "/no/such/page", "/sign-out"])
def test_what_is_no_page_of_ours_names_no_route(visitor, address):
    assert "Server-Timing" not in visitor.client.get(address).headers


def test_nobody_is_asked_where_the_share_is_zero(app, settings, visitor, monkeypatch):
    values = {name: getattr(settings, name) for name in settings.__slots__}
    silent = Settings(**{**values, "field_data_rate": 0.0})
    monkeypatch.setitem(app.config, "SETTINGS", silent)
    assert visitor.get("/sign-in").headers["Server-Timing"] == 'route;desc="/sign-in"'


def test_share_is_read_from_the_environment(tmp_path):
    environment = {"BALLAST_DATA_DIR": str(tmp_path)}
    assert Settings.from_environment(environment).field_data_rate == 1.0
    environment["BALLAST_FIELD_DATA_RATE"] = "0.25"
    assert Settings.from_environment(environment).field_data_rate == 0.25


@pytest.mark.parametrize("share", ["1.5", "-1", "half", "nan", "1e-1", "٠.٥", "1_0"])
def test_share_that_is_none_is_explained(tmp_path, share):
    environment = {"BALLAST_DATA_DIR": str(tmp_path), "BALLAST_FIELD_DATA_RATE": share}
    with pytest.raises(SettingsError, match="BALLAST_FIELD_DATA_RATE"):
        Settings.from_environment(environment)


def keep(session, *values, days_ago=0, metric="LCP", route=LOG, device="desktop"):
    rows = [
        FieldMeasurement(
            measured_on=clock.now().date() - dt.timedelta(days=days_ago),
            route=route, metric=metric, value=value, device=device, navigation="navigate",
        )
        for value in values
    ]  # fmt: skip
    with unit_of_work():
        session.add_all(rows)


def test_speed_is_what_three_of_four_views_stay_within(session):
    keep(session, 1000, 2000, 3000, 4000, 5000)
    assert list_page_speeds() == [
        PageSpeed(LOG, Metric.LCP, Device.DESKTOP, 4000.0, 5, Rating.NEEDS_IMPROVEMENT)
    ]


def test_speeds_come_by_page_then_metric_then_device(session):
    for route in (LOG, "/"):
        for metric in ("CLS", "SWAP", "LCP"):
            for device in ("phone", "desktop"):
                keep(session, 0.05, route=route, metric=metric, device=device)
    speeds = list_page_speeds()
    assert [speed.metric for speed in speeds[::2]] == [Metric.LCP, Metric.CLS, Metric.SWAP] * 2
    assert [speed.route for speed in speeds] == ["/"] * 6 + [LOG] * 6
    assert [speed.device for speed in speeds[:2]] == [Device.DESKTOP, Device.PHONE]


def test_speeds_look_back_as_far_as_asked(session):
    keep(session, 100, days_ago=0)
    keep(session, 300, days_ago=27)
    keep(session, 900, days_ago=28)
    assert [speed.count for speed in list_page_speeds()] == [2]
    assert [speed.count for speed in list_page_speeds(days=1)] == [1]
    assert [speed.count for speed in list_page_speeds(days=29)] == [3]


def test_ratings_follow_the_limits_of_core_web_vitals():
    assert [rate(Metric.LCP, ms) for ms in (2500, 2501, 4000, 4001)] == [
        Rating.GOOD, Rating.NEEDS_IMPROVEMENT, Rating.NEEDS_IMPROVEMENT, Rating.POOR,
    ]  # fmt: skip
    assert (rate(Metric.INP, 200), rate(Metric.INP, 501)) == (Rating.GOOD, Rating.POOR)
    assert (rate(Metric.CLS, 0.1), rate(Metric.CLS, 0.26)) == (Rating.GOOD, Rating.POOR)


def test_measurements_are_forgotten_after_five_weeks(session, stored):
    keep(session, 1, days_ago=35)
    keep(session, 2, days_ago=36)
    prune_measurements()
    assert [row.value for row in stored()] == [1.0]
