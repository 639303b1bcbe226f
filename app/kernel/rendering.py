"""Pages and their parts: one template answers both a full request and an htmx one."""

from collections.abc import Mapping
from typing import Any

import jinja2_fragments.flask
from flask import Response, make_response, render_template, request
from flask_htmx import HTMX

htmx = HTMX()


def wanted_part(parts: Mapping[str, str]) -> str | None:
    """Return the template block that the request asks for, or None for the whole page.

    `parts` maps the id of an element that htmx may replace to the block that fills it. The only
    place that reads htmx's request headers.
    """
    if not htmx or htmx.history_restore_request:
        return None
    return parts.get(htmx.target or "")


def render_page(
    template: str,
    context: Mapping[str, Any],
    *,
    parts: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Render a template of components, or the one block of it that htmx asked for."""
    block = wanted_part(parts or {})
    body = (
        jinja2_fragments.flask.render_block(template, block, **context)
        if block
        else render_template(template, **context)
    )
    response = make_response(body, status)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def redirect_to(address: str, status: int = 303) -> Response:
    """Send the browser to another page; htmx is told to load it as a whole page."""
    response = make_response("", status)
    if htmx:
        response.status_code = 200
        response.headers["HX-Redirect"] = address
    else:
        response.headers["Location"] = address
    return response


def requested_path() -> str:
    """Return path and query of the request, to come back to after signing in."""
    return request.full_path.rstrip("?")
