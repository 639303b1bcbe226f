"""What surrounds every request: its id, and the line it leaves in the log."""

import logging
import re
import time

from flask import Flask, Response, g, request

from app.kernel.ids import uuid7
from app.kernel.standing import find_standing

log = logging.getLogger("ballast.request")

_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def install(app: Flask) -> None:
    """Give every request an id and a log line.

    Only a proxy of ours may choose the id: it goes into the audit log.
    """
    behind_proxy = app.config["SETTINGS"].trusted_proxies > 0

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-Id", "") if behind_proxy else ""
        g.request_id = given if _ACCEPTABLE_ID.fullmatch(given) else uuid7().hex
        g.started = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        here = find_standing()
        log.info(
            "request",
            extra={
                "method": request.method,
                "route": str(request.url_rule) if request.url_rule else None,
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.started) * 1000, 1),
                "tenant": here.tenant.slug if here and here.tenant else None,
                "actor": here.actor.id if here else None,
            },
        )
        return response
