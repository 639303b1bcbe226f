"""API keys: made on a page, shown once, and good for exactly what they say."""

import datetime as dt
import re

import pytest
from sqlalchemy import update

from app.identity.models import ApiKey
from app.kernel import clock
from app.kernel.database import unit_of_work
from tests.audit.sending import EVENTS, an_event
from tests.factories.identity import SECRET, ApiKeyFactory


def make_key(world, **typed):
    """Make a key on the page; return who made it, the page, and the key."""
    owner = world.as_person("owner")
    page = owner.get(f"{world.path}/settings/api-keys/new")
    page = owner.submit(page, "Create key", **{"name": "door controller", **typed})
    return owner, page, re.search(r"ballast_[^\"<]+", page.text)[0]


def send(app, key, **changes):
    headers = {"Authorization": f"Bearer {key}"}
    return app.test_client().post(EVENTS, json=an_event(**changes), headers=headers)


def stored(world):
    with world.session() as session:
        return session.query(ApiKey).one()


def assert_refused(answer):
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "unknown, revoked or expired" in answer.json["detail"]


def test_key_made_on_the_page_opens_the_api(app, alder):
    _, _, key = make_key(alder)
    assert send(app, key, action="door.opened").status_code == 201
    (event,) = alder.log("door.opened")
    assert event.actor_name is not None
    assert stored(alder).last_used_at is not None


def test_key_is_shown_once_and_stored_as_a_hash(alder):
    owner, page, key = make_key(alder)
    secret = key.rsplit(".", 1)[1]
    assert "It is shown this once." in page.words
    assert secret not in str(vars(stored(alder)))
    shown = owner.get(page.links["I have copied it"])
    assert secret not in shown.text
    assert secret not in owner.get(f"{alder.path}/settings/api-keys").text
    assert secret not in str([vars(event) for event in alder.log()])


def test_making_and_revoking_is_in_the_log(app, alder):
    owner, page, _ = make_key(alder, lifetime="30")
    owner.submit(owner.get(page.links["I have copied it"]), "Revoke")
    (created,), (revoked,) = alder.log("api_key.created"), alder.log("api_key.revoked")
    assert created.extra == {"scopes": "audit_event:create"}
    assert created.target_name == revoked.target_name == "door controller"
    assert (created.target_id, created.actor_name) == (revoked.target_id, "Owner of Alder")


def test_revoked_key_is_refused_at_once(app, alder):
    owner, page, key = make_key(alder)
    page = owner.submit(owner.get(page.links["I have copied it"]), "Revoke")
    assert "Requests that carry it are refused from now on." in page.words
    assert_refused(send(app, key))
    assert not page.has_button("Revoke")


def test_expired_key_is_refused(app, alder):
    _, _, key = make_key(alder, lifetime="30")
    assert send(app, key).status_code == 201
    with alder.session() as session, unit_of_work():
        session.execute(update(ApiKey).values(expires_at=clock.now() - dt.timedelta(seconds=1)))
    assert_refused(send(app, key))


@pytest.mark.parametrize(("lifetime", "days"), [("30", 30), ("365", 365), ("0", None)])
def test_lifetime_is_the_chosen_one(alder, lifetime, days):
    make_key(alder, lifetime=lifetime)
    key = stored(alder)
    assert key.expires_at == (days and key.created_at + dt.timedelta(days=days))


def test_key_without_the_scope_is_told_which_one_is_missing(app, alder):
    key = alder.make(ApiKeyFactory, scopes=("audit_event:read",))
    answer = send(app, f"ballast_{alder.tenant.slug}.{key.id.hex}.{SECRET}")
    assert answer.status_code == 403
    assert answer.json["type"] == "urn:ballast:problem:permission-missing"
    assert "audit_event:create" in answer.json["detail"]
    assert alder.log("access.denied")[-1].actor_id == str(key.id)


def test_key_opens_no_page(app, alder):
    _, _, key = make_key(alder)
    headers = {"Authorization": f"Bearer {key}"}
    answer = app.test_client().get(f"{alder.path}/people", headers=headers)
    assert answer.status_code == 303


def test_signed_in_person_without_a_key_is_refused_by_the_api(alder):
    owner = alder.as_person("owner")
    answer = owner.client.post(EVENTS, json=an_event())
    assert answer.status_code == 401
    assert "Authorization: Bearer" in answer.json["detail"]


def test_key_of_one_tenant_under_the_name_of_another_is_refused(app, alder, birch):
    key = alder.make(ApiKeyFactory)
    assert_refused(send(app, f"ballast_{birch.tenant.slug}.{key.id.hex}.{SECRET}"))


@pytest.mark.parametrize(
    "key", ["nonsense", "ballast_", "ballast_a.b.c", "ballast_..", "ballast_ä.ö.ü", "."]
)
def test_anything_else_is_refused_in_the_same_words(app, alder, key):
    header = f"Bearer {key}".encode().decode("latin-1")
    assert_refused(app.test_client().post(EVENTS, json={}, headers={"Authorization": header}))


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"name": "  "}, {"name": "x" * 121}, {"lifetime": "7"}]
)
def test_form_of_a_key_refuses_what_does_not_fit(alder, typed):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/settings/api-keys/new")
    values = {"name": "door controller", **typed}
    owner.submit(page, "Create key", expect=422, **values)
    assert alder.log("api_key.created") == []


def test_scope_outside_the_list_is_refused(alder):
    owner = alder.as_person("owner")
    page = owner.get(f"{alder.path}/settings/api-keys/new")
    owner.submit(page, "Create key", expect=422, name="x", scope="member:delete")


def test_list_says_which_key_still_opens_something(alder):
    past = clock.now() - dt.timedelta(days=1)
    alder.make(ApiKeyFactory, name="used up", expires_at=past, last_used_at=past)
    alder.make(ApiKeyFactory, name="taken back", revoked_at=past)
    alder.make(ApiKeyFactory, name="in use")
    page = alder.as_person("auditor").get(f"{alder.path}/settings/api-keys")
    assert {row[0]: (row[2], row[3] == "never") for row in page.rows} == {
        "used up": ("expired", False),
        "taken back": ("revoked", True),
        "in use": ("active", True),
    }
    assert "New key" not in page.links


def test_page_of_a_key_leads_to_its_history(alder):
    owner, page, _ = make_key(alder)
    key = owner.get(page.links["I have copied it"])
    assert [row[1] for row in key.rows] == ["api_key.created"]
    log = owner.get(key.links["All in the audit log"])
    assert "1 event ·" in log.words
