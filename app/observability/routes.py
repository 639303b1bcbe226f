"""Probes for whatever runs Ballast: is it alive, is it ready, what does it measure."""

import secrets

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.kernel.routing import PublicPages
from app.observability.metrics import exposition

probes = PublicPages("probes", __name__)

_HERE = ("127.0.0.1", "::1")
# A proxy on this machine speaks for strangers, and says so in one of these.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


@probes.get("/healthz", reason="The process answers; holds nothing of any tenant.")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@probes.get("/readyz", reason="The database answers; holds nothing of any tenant.")
def ready() -> ResponseReturnValue:
    try:
        current_session().execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError:
        return jsonify(status="not ready", database="does not answer, or is not migrated"), 503
    return jsonify(status="ok", database="ok")


@probes.get("/metrics", reason="Counts by route; guarded by a token, or for this machine only.")
def metrics() -> ResponseReturnValue:
    token = current_app.config["SETTINGS"].metrics_token
    if token is None:
        forwarded = any(name in request.headers for name in _FORWARDED)
        allowed = request.remote_addr in _HERE and not forwarded
    else:
        presented = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = secrets.compare_digest(presented.encode(), token.encode())
    if not allowed:
        raise NotFound
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)
