"""Laws of routes: each is guarded, typed, and named like the others."""

import re

import pytest

from app.boot.security import UNGUARDED_ENDPOINTS, UnguardedRouteError, demand_guards
from app.kernel.routing import Audience, guard_of
from tests.laws.catalogue import routes_of

pytestmark = pytest.mark.law

KEBAB = re.compile(r"(/|(/[a-z0-9]+(-[a-z0-9]+)*|/<[^>]+>)(\.json|\.svg)?)+/?")
READING_VERBS = ("read",)


def test_every_endpoint_says_who_may_use_it(app):
    unguarded = {
        endpoint for endpoint, view in app.view_functions.items() if guard_of(view) is None
    }
    assert unguarded == UNGUARDED_ENDPOINTS, "Register routes through app.kernel.routing."


def test_app_refuses_to_start_with_an_unguarded_route(app):
    app.view_functions["rogue"] = lambda: ""
    try:
        with pytest.raises(UnguardedRouteError, match="rogue"):
            demand_guards(app)
    finally:
        del app.view_functions["rogue"]


def test_every_tenant_route_demands_a_permission(app):
    for route in routes_of(app, Audience.TENANT):
        assert route.guard.requires is not None, route


def test_every_public_route_says_why(app):
    for route in routes_of(app, Audience.PUBLIC):
        assert len(route.guard.reason or "") > 20, route


def test_no_change_hides_behind_a_reading_permission(app):
    for route in routes_of(app):
        if route.method == "GET" or route.guard.requires is None:
            continue
        verb = route.guard.requires.value.split(":")[1]
        assert verb not in READING_VERBS, f"{route} changes something with {route.guard.requires}."


def test_addresses_are_kebab_case_with_typed_parameters(app):
    for route in routes_of(app):
        assert KEBAB.fullmatch(route.rule.rule), route
        untyped = set(re.findall(r"<(\w+)>", route.rule.rule)) - {"token"}
        assert not untyped, f"{route}: give {untyped} a converter."
