"""The door that browsers report to, and the header that tells them so.

Each page's `Server-Timing` header names its route template, so that no address ever leaves the
browser, and where to report; a browser that is told no place reports nothing. Our script sends
without cookies: nobody is signed in here, so there is nobody to act for, and what a token would
guard is guarded by where the request comes from.
"""

import functools
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from flask import Response, current_app, g, jsonify, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from app.kernel.problems import PayloadTooLarge, Problem, UnsupportedMediaType
from app.kernel.rate_limit import spend
from app.kernel.routing import PublicPages
from app.kernel.untrusted_text import find_address
from app.observability.field_data.report import read_report
from app.observability.field_data.store import keep_measurements
from components.registry import Registry

door = PublicPages("field_data", __name__)

MAX_BYTES: Final = 4 * 1024
# A person turns pages faster than this only for a moment; an office behind one address may not.
REPORTS_PER_MINUTE: Final = 120
# Pages that show a form again with what was wrong are pages that somebody waited for.
_PAGES: Final = (200, 422)
_PARTS: Final = 1_000_000


class ForeignReport(Problem):
    """The report does not come from a page of ours."""

    status = 403
    code = "foreign-report"
    title = "Only pages of this app report here"


@door.post("/field-data", reason="Browsers report how fast pages were, about nobody, unsigned.")
def report() -> ResponseReturnValue:
    _demand_own_page()
    source = find_address(request.remote_addr or "")
    spend(f"field-data:{source}", allowed=REPORTS_PER_MINUTE, window_s=60)
    routes = frozenset(rule.rule for rule in current_app.url_map.iter_rules())
    keep_measurements(read_report(_body(), routes, _class_owners()))
    return "", 204


@door.blueprint.errorhandler(Problem)
def explain(problem: Problem) -> Response:
    """A script reads the answer, so it is problem details and no page."""
    details = {
        "type": f"urn:ballast:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "trace_id": g.get("request_id"),
    }
    response = jsonify(details)
    response.status_code = problem.status
    response.content_type = "application/problem+json"
    response.headers.update(problem.headers)
    return response


@door.blueprint.record_once
def take_no_token(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(door.blueprint)


@door.blueprint.after_app_request
def tell_route(response: Response) -> Response:
    """Tell the page which route it is of, and, of the share that is asked, where to report."""
    if request.url_rule is None or response.mimetype != "text/html":
        return response
    if response.status_code in _PAGES:
        timings = [f"route;desc={_quoted(request.url_rule.rule)}"]
        if secrets.randbelow(_PARTS) < current_app.config["SETTINGS"].field_data_rate * _PARTS:
            timings.append(f"field-data;desc={_quoted(url_for('field_data.report'))}")
        response.headers["Server-Timing"] = ", ".join(timings)
    return response


def _demand_own_page() -> None:
    # Every current browser sends the first header, and those before it send the second with each
    # POST; a page of another site can forge neither.
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        origin = urlsplit(request.headers.get("Origin", ""))
        is_ours = origin.netloc == request.host
    else:
        is_ours = site == "same-origin"
    if not is_ours:
        raise ForeignReport("The browser says that another site, or no page at all, sent this.")


def _body() -> bytes:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the report as application/json.")
    # Werkzeug cuts a body without a length at the limit and says nothing; one byte more does.
    request.max_content_length = MAX_BYTES + 1
    if (request.content_length or 0) > MAX_BYTES:
        raise _too_large()
    body = request.stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise _too_large()
    return body


def _too_large() -> PayloadTooLarge:
    return PayloadTooLarge("A report has at most 4 KB; send the rest in another one.")


@functools.cache
def _class_owners() -> Mapping[str, str]:
    return Registry.load().classes


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
