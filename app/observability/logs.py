"""Logs: one JSON object a line in production, one readable line in development.

Values are encoded, never pasted into the line, so that nobody can forge a line through a name
or a user agent.
"""

import json
import logging
import sys
from datetime import UTC, datetime

from flask import Flask, g, has_request_context

from app.kernel.untrusted_text import single_line

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record and its extra fields as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        own = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        # Our own fields come first, and no field of a caller stands in for one of them.
        line = own | _extra(record) | own
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class PlainFormatter(logging.Formatter):
    """Writes a record for somebody who watches a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(
            f"{key}={single_line(str(value))}" for key, value in _extra(record).items()
        )
        text = f"{record.levelname.lower():7} {single_line(record.getMessage())} {fields}".rstrip()
        if record.exc_info:
            # Indented, so that a message with line breaks cannot pass for a record of its own.
            trace = self.formatException(record.exc_info).splitlines()
            text += "".join(f"\n    {single_line(line)}" for line in trace)
        return text


def install(app: Flask, *, is_production: bool) -> None:
    """Send everything that is logged to standard error in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if is_production else PlainFormatter())
    root = logging.getLogger()
    if not any(getattr(existing, "is_ballast", False) for existing in root.handlers):
        handler.is_ballast = True  # type: ignore[attr-defined]  # the mark that it is there
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # The gateway writes its own line for each call; the client would write addresses.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    app.logger.propagate = True


def _extra(record: logging.LogRecord) -> dict[str, object]:
    extra = {
        key: value
        for key, value in vars(record).items()
        if key not in _STANDARD and value is not None
    }
    if has_request_context() and "request_id" in g:
        extra["request_id"] = g.request_id
    return extra
