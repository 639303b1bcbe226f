"""Routes with their guards: a route that does not say who may use it does not register.

There are four kinds, one class each: pages of a tenant (with the permission they need), pages
of a signed-in person outside any tenant, doors of the API (with the scope they need), and
public pages (with the reason why they are public). The order of work is the same for all:
who asks, which tenant (else 404), which permission (else 403), then the view.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, cast

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from app.kernel.actor import Actor
from app.kernel.database import Database
from app.kernel.problems import PermissionMissing
from app.kernel.short_bodies import read_short_body
from app.vocabulary.permissions import Permission

DATABASE = "ballast.database"
GATEKEEPER = "ballast.gatekeeper"

View = Callable[..., ResponseReturnValue]


class Audience(StrEnum):
    """Who a route is for."""

    TENANT = "members of the tenant"
    ACCOUNT = "anybody signed in"
    API = "holders of an API key"
    PUBLIC = "everybody"


@dataclass(frozen=True, slots=True)
class RouteGuard:
    """What stands before a view. `reason` is given by public routes only."""

    audience: Audience
    requires: Permission | None = None
    reason: str | None = None


class Gatekeeper(Protocol):
    """Resolves who asks. The identity domain implements it; boot registers it.

    Each method raises `NotSignedIn` without a valid session or key; `enter_tenant` raises
    `NotFound` for an unknown tenant and for one where the person is no active member, alike.
    The actor of `enter_account` holds `wanted` if a tenant of theirs gives it, and nothing else.
    """

    def enter_tenant(self, slug: str) -> Actor: ...

    def enter_account(self, wanted: Permission | None = None) -> Actor: ...

    def enter_api(self, *, counts_calls: bool) -> Actor: ...

    def look_around(self) -> None: ...

    def record_denial(self, actor: Actor, permission: Permission) -> None: ...


def database() -> Database:
    """Return the database of the running app."""
    return cast("Database", current_app.extensions[DATABASE])


def guard_of(view: object) -> RouteGuard | None:
    """Return the guard that a view was registered with, or None for a view without one."""
    return getattr(view, "ballast_guard", None)


class TenantPages:
    """Pages under `/t/<tenant>…`; the view receives the actor first."""

    def __init__(self, name: str, import_name: str, prefix: str = "") -> None:
        self.blueprint = Blueprint(name, import_name, url_prefix=f"/t/<slug:tenant>{prefix}")

    def get(self, rule: str, *, requires: Permission) -> Callable[[View], View]:
        return self._register(rule, requires, ["GET"])

    def post(self, rule: str, *, requires: Permission) -> Callable[[View], View]:
        return self._register(rule, requires, ["POST"])

    def form(self, rule: str, *, requires: Permission) -> Callable[[View], View]:
        """Register a page that shows a form by GET and takes it by POST."""
        return self._register(rule, requires, ["GET", "POST"])

    def _register(
        self, rule: str, requires: Permission, methods: list[str]
    ) -> Callable[[View], View]:
        def wrap(view: View) -> View:
            @functools.wraps(view)
            def guarded(tenant: str, **parts: object) -> ResponseReturnValue:
                gatekeeper = _gatekeeper()
                with database().session():
                    actor = gatekeeper.enter_tenant(tenant)
                    _demand(gatekeeper, actor, requires)
                    return view(actor, **parts)

            return _add(
                self.blueprint, rule, guarded, RouteGuard(Audience.TENANT, requires), methods
            )

        return wrap


class AccountPages:
    """Pages of a signed-in person outside any tenant; the view receives the actor first.

    A page with `requires` is for people who hold that permission in at least one tenant.
    """

    def __init__(self, name: str, import_name: str) -> None:
        self.blueprint = Blueprint(name, import_name)

    def get(self, rule: str, *, requires: Permission | None = None) -> Callable[[View], View]:
        return self._register(rule, requires, ["GET"])

    def post(self, rule: str) -> Callable[[View], View]:
        return self._register(rule, None, ["POST"])

    def _register(
        self, rule: str, requires: Permission | None, methods: list[str]
    ) -> Callable[[View], View]:
        def wrap(view: View) -> View:
            @functools.wraps(view)
            def guarded(**parts: object) -> ResponseReturnValue:
                gatekeeper = _gatekeeper()
                with database().session():
                    actor = gatekeeper.enter_account(requires)
                    if requires is not None:
                        _demand(gatekeeper, actor, requires)
                    return view(actor, **parts)

            return _add(
                self.blueprint, rule, guarded, RouteGuard(Audience.ACCOUNT, requires), methods
            )

        return wrap


class ApiDoors:
    """Doors of the API under `/api/v1`; the key in the request names the tenant."""

    def __init__(self, name: str, import_name: str) -> None:
        self.blueprint = Blueprint(name, import_name, url_prefix="/api/v1")

    def get(self, rule: str, *, requires: Permission) -> Callable[[View], View]:
        return self._register(rule, requires, ["GET"])

    def post(
        self, rule: str, *, requires: Permission, counts_calls: bool = True
    ) -> Callable[[View], View]:
        """Register a door for what is sent; one that does not count calls limits its own use."""
        return self._register(rule, requires, ["POST"], counts_calls=counts_calls)

    def _register(
        self, rule: str, requires: Permission, methods: list[str], *, counts_calls: bool = True
    ) -> Callable[[View], View]:
        def wrap(view: View) -> View:
            @functools.wraps(view)
            def guarded(**parts: object) -> ResponseReturnValue:
                gatekeeper = _gatekeeper()
                read_short_body()
                with database().session():
                    actor = gatekeeper.enter_api(counts_calls=counts_calls)
                    _demand(gatekeeper, actor, requires)
                    return view(actor, **parts)

            return _add(self.blueprint, rule, guarded, RouteGuard(Audience.API, requires), methods)

        return wrap


class PublicPages:
    """Pages for everybody, each with the reason why it is public."""

    def __init__(self, name: str, import_name: str) -> None:
        self.blueprint = Blueprint(name, import_name)

    def get(self, rule: str, *, reason: str) -> Callable[[View], View]:
        return self._register(rule, reason, ["GET"])

    def post(self, rule: str, *, reason: str) -> Callable[[View], View]:
        return self._register(rule, reason, ["POST"])

    def form(self, rule: str, *, reason: str) -> Callable[[View], View]:
        return self._register(rule, reason, ["GET", "POST"])

    def _register(self, rule: str, reason: str, methods: list[str]) -> Callable[[View], View]:
        def wrap(view: View) -> View:
            @functools.wraps(view)
            def open_to_all(**parts: object) -> ResponseReturnValue:
                with database().session():
                    _gatekeeper().look_around()
                    return view(**parts)

            guard = RouteGuard(Audience.PUBLIC, reason=reason)
            return _add(self.blueprint, rule, open_to_all, guard, methods)

        return wrap


def _add(
    blueprint: Blueprint, rule: str, view: View, guard: RouteGuard, methods: list[str]
) -> View:
    view.ballast_guard = guard  # type: ignore[attr-defined]  # functions take attributes
    blueprint.add_url_rule(rule, view_func=view, methods=methods)
    return view


def _demand(gatekeeper: Gatekeeper, actor: Actor, requires: Permission) -> None:
    if not actor.may(requires):
        gatekeeper.record_denial(actor, requires)
        raise PermissionMissing(requires)


def _gatekeeper() -> Gatekeeper:
    return cast("Gatekeeper", current_app.extensions[GATEKEEPER])


class SlugConverter(BaseConverter):
    """A tenant's name in an address: lower case letters, digits and inner hyphens."""

    regex = "[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
    part_isolating = True
