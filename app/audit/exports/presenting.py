"""Exports as the components show them."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_wtf.csrf import generate_csrf

from app.audit.exports.models import AuditExport, ExportForm, ExportStatus
from app.audit.exports.selection import selection_of
from app.audit.exports.service import is_there
from app.audit.reading.windows import hull, window_words
from app.kernel.job_pages import Progress
from app.kernel.times import exact, iso

WHOLE_LOG = "The whole log"
EXPIRED = {"text": "expired", "tone": "neutral"}
_TONES = {
    ExportStatus.RUNNING: "info",
    ExportStatus.FINISHED: "success",
    ExportStatus.CANCELLED: "neutral",
    ExportStatus.STOPPED: "warning",
}
_UNITS = ("bytes", "KB", "MB", "GB")
_UNIT = 1_000


def status_badge(export: AuditExport) -> dict[str, str]:
    """Return how far an export is, in one word."""
    status = ExportStatus(export.status)
    if status is ExportStatus.FINISHED and not is_there(export):
        return EXPIRED
    return {"text": status.value, "tone": _TONES[status]}


def export_title(export: AuditExport) -> str:
    """Return what an export is called."""
    return f"Export of {export.query}" if export.query else "Export of the whole log"


def export_facts(export: AuditExport, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what is known of an export."""
    facts: list[dict[str, Any]] = [
        {"label": "Filter", "code": export.query} if export.query else _fact("Filter", WHOLE_LOG),
        _fact("Time", _time_words(export, zone)),
        _fact("Format", ExportForm(export.form).label),
        {
            "label": "Asked for",
            "time": {"text": exact(export.asked_at, zone), "datetime": iso(export.asked_at)},
        },
    ]
    if export.problem:
        facts.append(_fact("Why it stopped", export.problem))
    if export.status != ExportStatus.FINISHED:
        return facts
    facts += [
        _fact("Events", f"{export.rows:,}"),
        _fact("Size", size_words(export.bytes)),
        {"label": "SHA-256", "code": export.sha256 or ""},
    ]
    if export.expires_at is not None:
        verb = "Kept until" if is_there(export) else "Was kept until"
        facts.append(_fact(verb, exact(export.expires_at, zone)))
    return facts


def export_progress(export: AuditExport) -> Progress | None:
    """Return how far an export is; None once it has ended."""
    if export.status != ExportStatus.RUNNING:
        return None
    words = f"{export.rows:,} events written, {export.looked_at:,} of {export.events:,} looked at"
    if not export.looked_at:
        words = "Waiting for its turn"
    return Progress(
        words,
        export.looked_at,
        export.events,
        url_for("exports.progress", export_id=export.id),
    )


def export_primary(export: AuditExport) -> dict[str, Any] | None:
    """Return the download, where there is something to download."""
    if not is_there(export):
        return None
    return {"label": "Download", "href": url_for("exports.file", export_id=export.id)}


def export_actions(export: AuditExport) -> list[dict[str, Any]]:
    """Return what else may be done with an export."""
    if export.status == ExportStatus.RUNNING:
        return [_post("Call it off", "exports.cancel", export)]
    if not is_there(export):
        return [{"label": "Ask again", "href": url_for("exports.new", q=export.query)}]
    manifest = {"label": "Manifest", "href": url_for("exports.manifest", export_id=export.id)}
    delete = _post("Delete", "exports.delete", export)
    return [manifest, {**delete, "confirm": "The file is deleted now, before its time."}]


def size_words(size: int) -> str:
    """Return a size as people read it: `41.2 KB`."""
    number, unit = float(size), _UNITS[0]
    for unit in _UNITS:
        if number < _UNIT or unit == _UNITS[-1]:
            break
        number /= _UNIT
    return f"{size:,} bytes" if unit == _UNITS[0] else f"{number:.1f} {unit}"


def _time_words(export: AuditExport, zone: ZoneInfo) -> str:
    selection = selection_of(export)
    return window_words(hull(selection.query, selection.moment), zone)


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "value": value}


def _post(label: str, endpoint: str, export: AuditExport) -> dict[str, Any]:
    href = url_for(endpoint, export_id=export.id)
    return {"label": label, "href": href, "csrf_token": generate_csrf()}
