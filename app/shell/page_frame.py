"""What the base template needs on every page: who, where, and where else one can go."""

import functools
import operator
from collections.abc import Sequence
from typing import Any

from flask import Flask, g, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy import ColumnElement, Select, select

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.database import current_session, has_session
from app.kernel.standing import Standing, find_standing
from app.shell.navigation import PLACES, Place


def install(app: Flask) -> None:
    """Give every template the frame of its page."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "frame": LaterFrame(find_standing()),
            "csrf_token": generate_csrf(),
            "trace_id": g.get("request_id"),
        }


class LaterFrame:
    """The frame of a page, made when its template first asks: a part of a page has none."""

    def __init__(self, here: Standing | None) -> None:
        self._here = here

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  whatever stands in the frame
        return self._made[name]

    @functools.cached_property
    def _made(self) -> dict[str, Any]:
        return frame_of(self._here)


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
    places = [place for place in PLACES if here.actor.may(place.requires)]
    numbers = _count_waiting(here.actor, places)
    blueprint = request.blueprint or ""
    return [
        {
            "label": place.label,
            "href": url_for(place.endpoint),
            "icon": place.icon,
            "count": numbers.get(place.endpoint) or None,
            "current": blueprint in place.blueprints,
        }
        for place in places
    ]


def _count_waiting(actor: Actor, places: Sequence[Place]) -> dict[str, int]:
    """Return how much waits in each place, by its endpoint, with one look at the database."""
    waiting = tuple(
        (place.endpoint, place.waits_for is not None and actor.may(place.waits_for))
        for place in places
        if place.news is not None or (place.waits_for and actor.may(place.waits_for))
    )
    # An error page is rendered after the request's session was closed: it shows no counts.
    if not waiting or not has_session():
        return {}
    asked = {"tenant": actor.tenant, "reader": actor.id, "now": clock.now()}
    row = current_session().execute(_counting(waiting), asked).one()
    return {endpoint: count for (endpoint, _), count in zip(waiting, row, strict=True)}


@functools.cache
def _counting(counted: tuple[tuple[str, bool], ...]) -> Select[Any]:
    """Return the statement that counts in these places, made once for each choice.

    Beside the endpoint of a place stands whether what waits there counts, too.
    """
    by_endpoint = {place.endpoint: place for place in PLACES}
    return select(*(_counted(by_endpoint[endpoint], waits=waits) for endpoint, waits in counted))


def _counted(place: Place, *, waits: bool) -> ColumnElement[Any]:
    parts: list[ColumnElement[Any]] = [] if place.news is None else [place.news]
    if waits and place.waiting is not None:
        parts.append(place.waiting)
    return functools.reduce(operator.add, parts)
