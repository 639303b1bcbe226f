"""Storing the demonstration: all of it, once, or nothing."""

import datetime as dt

import pytest
from sqlalchemy import func, select

import seeds.load
from app.audit.models import AuditEvent
from app.identity.models import Account, ApiKey, Invitation, Membership, SignInSession
from app.kernel import clock
from app.kernel.database import Scope, has_session
from app.kernel.routing import database
from app.tenancy.models import Tenant
from seeds.cast import PEOPLE, TENANTS
from seeds.load import load_demo
from seeds.story import tell_story
from tests.support.browser import Visitor

PASSWORD = "a password of the demonstration"
COUNTED = (Membership, Invitation, ApiKey, AuditEvent)


def stored(app):
    """Return how many rows there are: of accounts, sessions, and of each tenant."""
    with app.app_context(), database().session() as session:
        tenants = session.execute(select(Tenant.slug, Tenant.id).where(Tenant.is_demo)).all()
        counts = {
            model.__name__: session.scalar(select(func.count()).select_from(model))
            for model in (Account, SignInSession)
        }
    for slug, tenant_id in tenants:
        with app.app_context(), database().session(Scope(tenant_id)) as session:
            for model in COUNTED:
                counts[f"{slug} {model.__name__}"] = session.scalar(
                    select(func.count()).select_from(model).where(model.tenant_id == tenant_id)
                )
    return counts


@pytest.fixture(scope="module")
def loaded(empty_app):
    """The app with the demonstration, and the moment that it was told for."""
    now = clock.now()
    with empty_app.app_context():
        load_demo(password=PASSWORD, now=now)
    return empty_app, now


def test_a_load_that_breaks_off_leaves_nothing(empty_app, monkeypatch):
    stores = []

    def store_once(session, events):
        stores.append(len(events))
        if len(stores) == len(TENANTS):
            raise ConnectionError("the plug was pulled")
        return original(session, events)

    original = seeds.load.store_events
    monkeypatch.setattr(seeds.load, "store_events", store_once)
    with empty_app.app_context(), pytest.raises(ConnectionError):
        load_demo(password=PASSWORD)
    assert stores[0] > 1000
    assert stored(empty_app) == {"Account": 0, "SignInSession": 0}


def test_everything_that_was_told_is_stored(loaded):
    app, now = loaded
    story = tell_story(now)
    expected = {
        "Account": len({person.email for person in PEOPLE}),
        "SignInSession": sum(len(scene.sessions) for scene in story.scenes),
    }
    for scene in story.scenes:
        rows = (scene.members, scene.invitations, scene.api_keys, scene.events)
        for model, told in zip(COUNTED, rows, strict=True):
            expected[f"{scene.tenant.slug} {model.__name__}"] = len(told)
    assert stored(app) == expected


def test_loading_twice_is_loading_once(loaded):
    app, now = loaded
    before = stored(app)
    with app.app_context():
        load_demo(password="another password", now=now + dt.timedelta(days=1))
    assert stored(app) == before


def test_loading_leaves_no_session_open(loaded):
    del loaded
    assert not has_session()


@pytest.mark.parametrize(
    "email", [person.email for person in PEOPLE if person.is_listed], ids=lambda email: email
)
def test_every_listed_person_can_sign_in(loaded, email):
    app, _ = loaded
    visitor = Visitor(app)
    page = visitor.submit(visitor.get("/sign-in"), "Sign in", email=email, password=PASSWORD)
    assert page.status == 200
    assert "Sign in" not in page.title


def test_refusals_in_the_log_name_pages_that_exist(loaded):
    app, now = loaded
    events = [event for scene in tell_story(now).scenes for event in scene.events]
    endpoints = {event.metadata.get("endpoint") for event in events} - {None}
    assert endpoints
    assert endpoints <= app.view_functions.keys()
