"""Signing in: who gets in, what the others learn, and what the log keeps of it."""

import dataclasses
from urllib.parse import urlsplit

import pytest

from app import create_app
from app.kernel.routing import DATABASE
from tests.factories.identity import PASSWORD, MembershipFactory
from tests.support.browser import Visitor

REFUSAL = "The address or the password is not right."


def try_in(visitor, email, password, *, expect=200, at="/sign-in"):
    return visitor.submit(visitor.get(at), "Sign in", expect=expect, email=email, password=password)


def location_after_sign_in(app, email, path):
    """Sign in through the form at this address; return where the answer sends the browser."""
    client = Visitor(app).client
    token = client.get(path).text.split('name="csrf-token" content="')[1].split('"')[0]
    values = {"email": email, "password": PASSWORD, "csrf_token": token}
    return client.post(path, data=values).headers["Location"]


def test_right_password_leads_to_the_overview(alder, visitor):
    page = try_in(visitor, alder.people["analyst"].email, PASSWORD)
    assert page.heading == "Overview"
    assert "Analyst of Alder" in page.words


def test_address_is_read_without_regard_to_case_and_blanks(alder, visitor):
    email = f"  {alder.people['analyst'].email.upper()} "
    assert try_in(visitor, email, PASSWORD).heading == "Overview"


def test_unknown_address_and_wrong_password_read_the_same(alder, visitor):
    known = try_in(visitor, alder.people["owner"].email, "wrong", expect=422)
    unknown = try_in(visitor, f"x@{alder.tenant.slug}.example", "wrong", expect=422)
    assert known.errors == unknown.errors
    assert REFUSAL in known.errors


def test_refusal_keeps_the_address_and_never_the_password(alder, visitor):
    email = alder.people["owner"].email
    page = try_in(visitor, email, "a wrong password", expect=422)
    assert page.form("Sign in").values["email"] == email
    assert "a wrong password" not in page.text


def test_empty_form_names_both_fields(visitor):
    page = try_in(visitor, "", "", expect=422)
    assert "Write your address." in page.errors
    assert "Write your password." in page.errors


def test_success_and_failure_are_in_the_log_of_every_tenant_of_the_person(alder, birch, visitor):
    member = alder.people["analyst"]
    birch.make(MembershipFactory, account_id=member.account_id, name=member.name, email="x")
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    try_in(visitor, member.email, "wrong", expect=422)
    try_in(visitor, member.email, PASSWORD)
    for world in (alder, birch):
        failure, success = world.log("session.started")
        assert (failure.outcome, failure.reason) == ("failure", "password")
        assert success.outcome == "success"
        assert {failure.actor_id, success.actor_id} == {str(member.account_id)}
        assert {failure.source_ip, success.source_ip} == {"192.0.2.7"}


def test_tenant_of_somebody_else_learns_nothing_of_a_sign_in(alder, birch):
    alder.as_person("analyst")
    assert birch.log("session.started") == []


def test_tenant_where_the_person_is_suspended_learns_nothing(alder, birch, visitor):
    member = alder.people["analyst"]
    birch.make(
        MembershipFactory, account_id=member.account_id, name="x", email="x", status="suspended"
    )
    try_in(visitor, member.email, PASSWORD)
    assert birch.log("session.started") == []


def test_person_in_no_tenant_is_told_whom_to_ask(alder, visitor):
    member = alder.make(MembershipFactory, status="suspended")
    page = try_in(visitor, member.email, PASSWORD)
    assert "You are a member nowhere yet" in page.words
    assert page.has_button("Sign out")


@pytest.mark.parametrize("wanted", ["/people", "/audit-log?q=outcome%3Afailure&size=25"])
def test_after_signing_in_the_page_wanted_before_opens(app, alder, wanted):
    client = app.test_client()
    answer = client.get(f"{alder.path}{wanted}")
    assert answer.status_code == 303
    sign_in_page = answer.headers["Location"]
    email = alder.people["owner"].email
    assert location_after_sign_in(app, email, sign_in_page) == f"{alder.path}{wanted}"


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\\\\evil.example",
        "evil.example",
    ],
)
def test_next_never_leads_to_a_foreign_place(alder, visitor, evil):
    client = visitor.client
    text = client.get("/sign-in", query_string={"next": evil}).text
    token = text.split('name="csrf-token" content="')[1].split('"')[0]
    values = {
        "email": alder.people["owner"].email,
        "password": PASSWORD,
        "next": evil,
        "csrf_token": token,
    }
    answer = client.post("/sign-in", query_string={"next": evil}, data=values)
    assert answer.headers["Location"] == "/tenants"
    again = client.get("/sign-in", query_string={"next": evil})
    assert again.headers["Location"] == "/tenants"


def test_next_survives_a_mistyped_password(alder, visitor):
    wanted = f"{alder.path}/people"
    email = alder.people["owner"].email
    page = try_in(visitor, email, "wrong", expect=422, at=f"/sign-in?next={wanted}")
    assert visitor.submit(page, "Sign in", email=email, password=PASSWORD).heading == "People"


@pytest.mark.parametrize("token", [None, "forged"])
def test_form_without_its_token_is_refused_with_words(alder, visitor, token):
    values = {"email": alder.people["owner"].email, "password": PASSWORD}
    page = visitor.post("/sign-in", values | ({"csrf_token": token} if token else {}), expect=400)
    assert page.heading == "This form is too old"
    assert "reload the page" in page.words
    assert alder.log("session.started") == []


def test_token_of_before_signing_in_does_not_work_after_it(alder, visitor):
    """Whoever planted a cookie in the browser beforehand would know that token."""
    before = visitor.get("/sign-in").form("Sign in").values["csrf_token"]
    try_in(visitor, alder.people["owner"].email, PASSWORD)
    page = visitor.post(f"{alder.path}/settings/edit", {"csrf_token": before}, expect=400)
    assert page.heading == "This form is too old"


def test_cookie_is_out_of_reach_for_scripts_and_other_sites(app, alder):
    client = app.test_client()
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_cookie_in_production_travels_by_https_only(settings):
    production = create_app(dataclasses.replace(settings, is_production=True))
    answer = production.test_client().get("/sign-in", base_url="https://ballast.example")
    production.extensions[DATABASE].engine.dispose()
    cookie = answer.headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_page_that_needs_a_session_says_where_it_was_going(app, alder):
    answer = app.test_client().get(f"{alder.path}/people?q=role%3Aowner")
    location = urlsplit(answer.headers["Location"])
    assert location.path == "/sign-in"
    assert "people" in location.query
