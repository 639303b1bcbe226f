"""What cannot be stored is refused with words; it makes no error page and no log of secrets."""

import logging

import pytest

from tests.factories.identity import PASSWORD
from tests.support.browser import Visitor


@pytest.mark.parametrize("text", ["a\x00b@people.example", "\x00"])
def test_sign_in_refuses_what_cannot_be_stored(visitor, text):
    page = visitor.get("/sign-in")
    values = {**page.form("Sign in").values, "email": text, "password": "x" * 12}
    assert visitor.client.post("/sign-in", data=values).status_code == 422


@pytest.mark.parametrize("token", ["%00.x.y", "%00.00000000000000000000000000000000.y", "a.b"])
def test_nonsense_for_an_invitation_is_nothing_found(visitor, token):
    assert visitor.client.get(f"/invitations/{token}").status_code == 404


def test_person_who_is_lost_gets_a_page_all_the_same(alder):
    """The page of an error is made after the session was closed, by whoever is signed in."""
    response = alder.as_person("analyst").client.get("/no/such/place")
    assert (response.status_code, response.mimetype) == (404, "text/html")


def test_failing_statement_leaves_no_values_in_the_log(app, alder, invite, caplog, visitor):
    """SQLAlchemy writes the values of a failed statement into its error, secrets among them."""
    page = visitor.get("/sign-in")
    values = {**page.form("Sign in").values, "email": "secret\x00@people.example"}
    with caplog.at_level(logging.ERROR):
        visitor.client.post("/sign-in", data={**values, "password": PASSWORD})
        visitor.client.get("/invitations/secret%00.x.y")
    assert "[parameters: " not in app_log(caplog)
    assert app.extensions["ballast.database"].engine.hide_parameters


def test_settings_do_not_show_their_secrets(settings):
    shown = repr(settings)
    assert settings.secret_key not in shown


def test_form_larger_than_any_form_is_refused_before_it_is_read(visitor):
    body = b"a=&" * 1_000_000
    response = visitor.client.post(
        "/sign-in", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413


@pytest.mark.parametrize("address", ["198.51.100.7:4711", "unknown", ""])
def test_odd_address_from_a_proxy_keeps_nobody_out(alder, address):
    """Some proxies forward a port too, or the word unknown (RFC 7239); the column takes neither."""
    visitor = Visitor(alder.app)
    page = visitor.get("/sign-in")
    values = {**page.form("Sign in").values, "email": alder.people["owner"].email}
    response = visitor.client.post(
        "/sign-in",
        data={**values, "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": address},
    )
    assert response.status_code == 303


def app_log(caplog):
    return "\n".join(
        f"{record.getMessage()} {record.exc_text or ''} {record.exc_info and record.exc_info[1]}"
        for record in caplog.records
    )
