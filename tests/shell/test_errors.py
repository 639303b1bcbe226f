"""What people and programs see when something goes wrong."""

import dataclasses
import json

import pytest

from app import create_app
from app.boot.database_addresses import GivenDatabase
from app.kernel.routing import DATABASE
from tests.audit.sending import EVENTS, Sender
from tests.support.browser import Visitor

DEAD = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
SIX_MB = 6 * 1024 * 1024
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def app_without_database(settings):
    app = create_app(dataclasses.replace(settings, database=GivenDatabase(DEAD, DEAD)))
    yield app
    app.extensions[DATABASE].engine.dispose()


@pytest.fixture
def broken(app, monkeypatch):
    """Let the people page and the API meet something that nobody expected."""

    def break_down(*_arguments, **_names):
        raise ZeroDivisionError("a secret detail of the inside")

    monkeypatch.setattr("app.identity.routes.people.open_listing", break_down)
    monkeypatch.setattr("app.audit.ingest.door.read_body", break_down)


def test_unknown_address_is_a_page_for_everybody(alder, visitor):
    page = visitor.get("/no/such/place", expect=404)
    assert page.heading == "There is nothing here"
    page = alder.as_person("owner").get("/no/such/place", expect=404)
    assert page.heading == "There is nothing here"
    assert page.links["Go to the start"] == "/"


def test_unknown_address_inside_a_tenant_is_a_page(alder):
    page = alder.as_person("owner").get(f"{alder.path}/no-such-place", expect=404)
    assert page.heading == "There is nothing here"


def test_missing_permission_names_itself_and_who_holds_it(alder):
    page = alder.as_person("analyst").get(f"{alder.path}/settings", expect=403)
    assert "setting:read" in page.words
    assert "Owner or Admin or Auditor" in page.words
    assert "Ask an admin of this tenant." in page.words


def test_wrong_method_says_which_ones_are_taken(alder):
    owner = alder.as_person("owner")
    page = owner.post(f"{alder.path}/people", {"csrf_token": owner.token()}, expect=405)
    assert page.heading == "Not in that way"
    assert "GET" in page.headers["Allow"]


def test_form_over_six_megabytes_is_refused(alder):
    owner = alder.as_person("owner")
    values = {"csrf_token": owner.token(), "name": "x" * (SIX_MB + 1)}
    page = owner.post(f"{alder.path}/settings/edit", values, expect=413)
    assert page.heading == "That is too much at once"


def test_surprise_is_a_page_with_a_reference_and_no_stack_trace(alder, broken, caplog):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/people", expect=500)
    assert page.heading == "Something broke on our side"
    assert page.headers["X-Request-Id"] in page.words
    for inside in ("Traceback", "ZeroDivisionError", "secret detail", ".py"):
        assert inside not in page.text
    (record,) = (one for one in caplog.records if one.getMessage() == "unexpected_error")
    assert record.exc_info[0] is ZeroDivisionError


def test_surprise_in_a_part_of_a_page_is_a_part(alder, broken):
    part = alder.as_person("owner").part(f"{alder.path}/people", "results", expect=500)
    assert "<html" not in part.text
    assert "Nothing was changed." in part.words


def test_reference_is_never_what_a_stranger_wrote(alder):
    given = {"X-Request-Id": "<b>evil</b>"}
    page = alder.as_person("owner").get("/no/such/place", expect=404, headers=given)
    assert page.headers["X-Request-Id"] in page.words
    assert "evil" not in page.headers["X-Request-Id"]


def test_database_away_is_a_page_that_says_so(alder, app_without_database):
    signed_in = alder.as_person("owner")
    visitor = Visitor(app_without_database)
    visitor.client.set_cookie("ballast", signed_in.client.get_cookie("ballast").value)
    page = visitor.get(f"{alder.path}/people", expect=503)
    assert page.heading == "The database does not answer"
    assert "Nothing was changed." in page.words


def test_database_away_at_sign_in_is_a_page_too(app_without_database):
    visitor = Visitor(app_without_database)
    page = visitor.get("/sign-in")
    page = visitor.submit(page, "Sign in", expect=503, email="a@b.example", password="x")
    assert page.heading == "The database does not answer"


def api(answer, status):
    assert answer.status_code == status
    assert answer.content_type == PROBLEM
    assert answer.json["status"] == status
    assert answer.json["trace_id"] == answer.headers["X-Request-Id"]
    return answer.json


def test_api_answers_every_error_as_problem_details(app, alder, broken, app_without_database):
    client = app.test_client()
    assert api(client.get("/api/v1/nothing"), 404)["type"] == "urn:ballast:problem:not-found"
    answer = client.delete(EVENTS)
    assert api(answer, 405)["title"] == "Not in that way"
    assert "POST" in answer.headers["Allow"]
    assert "Bearer" in api(client.post(EVENTS), 401)["detail"]
    body = api(Sender(app, alder.tenant).post({}), 500)
    assert "ZeroDivisionError" not in json.dumps(body)
    headers = {"Authorization": f"Bearer ballast_alder.{'0' * 32}.x"}
    answer = app_without_database.test_client().post(EVENTS, headers=headers)
    assert "database" in api(answer, 503)["type"]


def test_api_refuses_what_is_too_large(app, alder):
    answer = Sender(app, alder.tenant).post("x" * (SIX_MB + 1))
    assert "too" in api(answer, 413)["title"].lower()


def test_long_explanations_have_room(alder):
    """The one who is refused reads why, however many permissions are missing."""
    owner = alder.as_person("owner")
    page = owner.post("/sign-out", {"csrf_token": "stale"}, expect=400)
    assert page.heading == "This form is too old"
    assert "what you typed is still there" in page.words


def test_every_answer_forbids_what_no_page_needs(alder, visitor):
    page = visitor.get("/sign-in")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
