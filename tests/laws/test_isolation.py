"""The law of isolation: what belongs to another tenant is not there, for anybody, anywhere.

Generated from the routes: a new route is covered the moment it is registered, or fails because
nobody said how to make its object.
"""

import pytest

from app.identity import gate
from app.identity.roles import Role
from app.kernel.routing import Audience
from tests.laws.catalogue import SHIPPED, objects_of, random_like, routes_of, without_noise

pytestmark = pytest.mark.law


def send(visitor, route, address, token):
    values = {"csrf_token": token} if route.method == "POST" else None
    return visitor.client.open(address, method=route.method, data=values)


@pytest.mark.parametrize("role", list(Role))
def test_another_tenant_is_not_there(app, alder, birch, role):
    """A member of Birch, whatever the role, finds nothing under Alder's addresses."""
    stranger = birch.as_person(role)
    token = stranger.token()
    nowhere = "nobody-has-this-name"
    for route in routes_of(app, Audience.TENANT):
        objects = objects_of(alder, route.parameters)
        real = send(stranger, route, route.address(app, alder.tenant.slug, objects), token)
        unreal = send(stranger, route, route.address(app, nowhere, random_like(objects)), token)
        assert (real.status_code, unreal.status_code) == (404, 404), route
        assert without_noise(real.text, alder.tenant.slug) == without_noise(unreal.text, nowhere), (
            f"{route} tells a tenant that exists from one that does not."
        )


@pytest.mark.parametrize("role", list(Role))
def test_another_tenants_object_answers_like_one_that_never_was(
    app, alder, birch, role, monkeypatch
):
    """Alder's ids under Birch's addresses are as unknown as random ones."""
    # There are more routes by now than a person may be refused at in a minute.
    monkeypatch.setattr(gate, "DENIALS_PER_MINUTE", 10_000)
    stranger = birch.as_person(role)
    token = stranger.token()
    for route in routes_of(app, Audience.TENANT):
        if not route.parameters or route.parameters & SHIPPED:
            continue
        theirs = objects_of(alder, route.parameters)
        nobodys = random_like(theirs)
        slug = birch.tenant.slug
        real = send(stranger, route, route.address(app, slug, theirs), token)
        unreal = send(stranger, route, route.address(app, slug, nobodys), token)
        assert real.status_code == unreal.status_code, route
        assert real.status_code in (403, 404), f"{route} answered {real.status_code}."
        assert without_noise(real.text, *theirs.values()) == without_noise(
            unreal.text, *nobodys.values()
        ), f"{route} tells another tenant's object from one that never was."


def test_nothing_of_alder_was_changed_by_the_attempts(app, alder, birch):
    before = [event.id for event in alder.log()]
    stranger = birch.as_person(Role.OWNER)
    token = stranger.token()
    for route in routes_of(app, Audience.TENANT):
        if route.method == "POST":
            objects = objects_of(alder, route.parameters)
            send(stranger, route, route.address(app, alder.tenant.slug, objects), token)
    assert [event.id for event in alder.log() if event.actor_type == "person"] == [
        event.id for event in alder.log() if event.id in before and event.actor_type == "person"
    ]
