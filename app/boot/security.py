"""Headers, CSRF, and the check that no route is without a guard."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect

from app.audit.api import api as audit_api
from app.audit.event_types.api import api as event_type_api
from app.audit.ingest.imports.routes import upload
from app.kernel.content_policy import CONTENT_SECURITY_POLICY
from app.kernel.routing import guard_of

csrf = CSRFProtect()

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

# Served by the design system, whose files are the same for everybody.
UNGUARDED_ENDPOINTS = {"components.asset"}


class UnguardedRouteError(RuntimeError):
    """A route was registered without saying who may use it."""


def install(app: Flask) -> None:
    """Protect forms against forgery and set the headers of every answer."""
    csrf.init_app(app)
    # The API takes no cookie: a key in a header cannot be sent by somebody else's page.
    csrf.exempt(audit_api.blueprint)
    csrf.exempt(event_type_api.blueprint)
    # Checks the token itself, once it is known that the sender may send a large file.
    csrf.exempt(upload)

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        if request.endpoint not in UNGUARDED_ENDPOINTS:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def demand_guards(app: Flask) -> None:
    """Raise `UnguardedRouteError` unless every route says who may use it."""
    for endpoint, view in app.view_functions.items():
        if endpoint not in UNGUARDED_ENDPOINTS and guard_of(view) is None:
            raise UnguardedRouteError(
                f"{endpoint} has no guard: register it through app.kernel.routing."
            )
