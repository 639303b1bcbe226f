"""Errors as pages and as problem details (RFC 9457), each with the id of the request.

The one broad handler of the app is here: whatever nobody expected becomes a page that says so,
and a log line with the stack trace.
"""

import logging
from http import HTTPStatus
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from jinja2_fragments.flask import render_block
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.identity.roles import roles_holding
from app.kernel.problems import FieldProblem, NotSignedIn, PermissionMissing, Problem
from app.kernel.rendering import htmx, redirect_to, requested_path
from app.kernel.standing import find_standing

log = logging.getLogger(__name__)

_HTTP_WORDS = {
    400: ("That request could not be used", "The browser or program sent something unreadable."),
    404: ("There is nothing here", "The address may be mistyped, or what it named is gone."),
    405: ("Not in that way", "This address does not take that kind of request."),
    413: ("That is too much at once", "Send less at once, or split it into several requests."),
}


# Which designed state stands for which status, and how much its words hold.
_KINDS = {403: "forbidden", 404: "not_found"}
_SHORT, _LONG = 120, 400


def install(app: Flask) -> None:
    """Register the handlers of everything that can go wrong in a request."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(CSRFError, _forgery)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def _problem(problem: Problem) -> Response:
    if isinstance(problem, NotSignedIn) and not _is_api():
        going_to = requested_path() if request.method == "GET" and not htmx else None
        return redirect_to(url_for("public.sign_in", next=going_to))
    response = (
        _details(problem.status, problem.code, problem.title, problem.detail, _errors(problem))
        if _is_api()
        else _page(problem.status, problem.title, problem.detail, _hints(problem))
    )
    response.headers.update(problem.headers)
    if isinstance(problem, NotSignedIn):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _forgery(error: CSRFError) -> Response:
    log.info("csrf_refused", extra={"reason": error.description})
    return _page(
        400,
        "This form is too old",
        "It was opened before you signed in or out, or in another browser. Go back, reload the"
        " page and send it again; what you typed is still there.",
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    name = HTTPStatus(status).phrase
    title, detail = _HTTP_WORDS.get(status, (name, error.description or name))
    code = name.lower().replace(" ", "-")
    response = _details(status, code, title, detail) if _is_api() else _page(status, title, detail)
    for key, value in error.get_headers():
        if key in ("Allow", "Retry-After"):
            response.headers[key] = value
    return response


def _database_away(error: OperationalError) -> Response:
    log.error("database_error", exc_info=error)
    title = "The database does not answer"
    detail = "Nothing was changed. Try again in a moment; if it stays, tell whoever runs Ballast."
    if _is_api():
        return _details(503, "database-away", title, detail)
    return _page(503, title, detail)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected_error", exc_info=error)
    title = "Something broke on our side"
    detail = "Nothing was changed. Try again; if it happens again, pass on the number below."
    if _is_api():
        return _details(500, "internal-error", title, detail)
    return _page(500, title, detail)


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _errors(problem: Problem) -> list[dict[str, Any]]:
    return [_error(error) for error in problem.errors]


def _error(error: FieldProblem) -> dict[str, Any]:
    if error.parameter is None:
        return {"pointer": error.pointer, "detail": error.detail}
    place = {} if error.position is None else {"position": error.position}
    return {"parameter": error.parameter, **place, "detail": error.detail}


def _hints(problem: Problem) -> list[str]:
    if isinstance(problem, PermissionMissing):
        holders = " or ".join(role.label for role in roles_holding(problem.permission))
        here = find_standing()
        whose = "this tenant" if here and here.tenant else "your tenant"
        return [f"The role that holds it: {holders}. Ask an admin of {whose}."]
    return [error.detail for error in problem.errors]


def _details(
    status: int, code: str, title: str, detail: str, errors: list[dict[str, Any]] | None = None
) -> Response:
    body = {
        "type": f"urn:ballast:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "trace_id": g.get("request_id"),
    }
    if errors:
        body["errors"] = errors
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _page(status: int, title: str, detail: str, hints: list[str] | None = None) -> Response:
    try:
        context = _context(status, title, detail, hints or [])
        body = (
            # htmx puts the answer into the part of the page that it asked for.
            render_block("error.html", "problem", **context)
            if htmx and not htmx.history_restore_request
            else render_template("error.html", **context)
        )
    except Exception:
        # The page of an error must not hide the error: without it, plain words.
        current_app.logger.exception("error_page_failed")
        body = f"{title}. {detail} ({g.get('request_id')})"
        return Response(body, status, mimetype="text/plain")
    return make_response(body, status)


def _context(status: int, title: str, detail: str, hints: list[str]) -> dict[str, Any]:
    """Return what the page of an error shows; a long explanation becomes its body."""
    is_short = len(detail) <= _SHORT
    body = " ".join(hints if is_short else [detail, *hints])
    return {
        "header": {"title": title},
        "problem": {
            "kind": _KINDS.get(status, "error"),
            "title": detail if is_short else "This is what happened",
            "body": body[:_LONG] or None,
            "actions": [{"label": "Go to the start", "href": url_for("start.home")}],
            "trace_id": g.get("request_id"),
        },
    }
