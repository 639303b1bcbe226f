"""What the base template needs on every page: who, where, and where else one can go."""

from typing import Any

from flask import Flask, g, request, url_for
from flask_wtf.csrf import generate_csrf

from app.kernel.database import has_session
from app.kernel.standing import Standing, find_standing
from app.shell.navigation import PLACES


def install(app: Flask) -> None:
    """Give every template the frame of its page."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "frame": frame_of(find_standing()),
            "csrf_token": generate_csrf(),
            "trace_id": g.get("request_id"),
        }


def frame_of(here: Standing | None) -> dict[str, Any]:
    """Return what stands around a page of this reader, as the base template takes it."""
    if here is None:
        return {"layout": "plain", "tenant": None, "tenants": [], "nav": [], "person": None}
    tenant = here.tenant
    return {
        "layout": "app" if tenant else "plain",
        "tenant": {"name": tenant.name, "slug": tenant.slug} if tenant else None,
        "tenants": [
            {
                "name": other.name,
                "href": url_for("shell.overview", tenant=other.slug),
                "current": tenant is not None and other.id == tenant.id,
            }
            for other in here.tenants
        ],
        "nav": _navigation(here) if tenant else [],
        "person": {"name": here.person_name, "role": here.role_label or ""},
    }


def _navigation(here: Standing) -> list[dict[str, Any]]:
    # An error page is rendered after the request's session was closed: it shows no counts.
    counting = has_session()
    blueprint = request.blueprint or ""
    return [
        {
            "label": place.label,
            "href": url_for(place.endpoint),
            "icon": place.icon,
            "count": (place.count(here.actor) or None) if counting and place.count else None,
            "current": blueprint in place.blueprints,
        }
        for place in PLACES
        if here.actor.may(place.requires)
    ]
