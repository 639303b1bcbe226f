"""The list of a person's own exports."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import Select, select

from app.audit.exports.models import AuditExport, ExportForm, ExportStatus
from app.audit.exports.presenting import WHOLE_LOG, size_words, status_badge
from app.kernel.collections.declaration import (
    Collection,
    Column,
    EmptyWords,
    Filter,
    Preset,
    declare,
)
from app.kernel.collections.filters import equals_any, within_time
from app.kernel.query_language.terms import Field, Kind
from app.kernel.standing import standing
from app.kernel.times import time_cell, time_cell_or
from app.kernel.untrusted_text import single_line

_QUERY_SHOWN = 120


def _own() -> Select[AuditExport]:
    return select(AuditExport).where(AuditExport.asked_by == standing().actor.id)


def _query(export: AuditExport, _zone: ZoneInfo) -> str:
    return single_line(export.query, _QUERY_SHOWN) or WHOLE_LOG


def _rows(export: AuditExport, _zone: ZoneInfo) -> str:
    return f"{export.rows:,}" if export.sha256 else "–"


def _size(export: AuditExport, _zone: ZoneInfo) -> str:
    return size_words(export.bytes) if export.sha256 else "–"


def _expiry(export: AuditExport, zone: ZoneInfo) -> dict[str, Any] | str:
    return time_cell_or("–", export.expires_at, zone)


EXPORTS = declare(
    Collection(
        name="exports",
        title="Exports",
        caption="Your exports, newest first",
        noun=("export", "exports"),
        density="comfortable",
        columns=(
            Column("filter", "Filter", _query),
            Column("asked", "Asked for", lambda e, zone: time_cell(e.asked_at, zone), type="time"),
            Column("status", "Status", lambda e, _: status_badge(e), type="badge"),
            Column("form", "Format", lambda e, _: ExportForm(e.form).label, priority=3),
            Column("rows", "Events", _rows, type="num", priority=2),
            Column("size", "Size", _size, type="num", priority=3),
            Column("kept", "Kept until", _expiry, type="time", priority=2),
        ),
        statement=_own,
        order=(AuditExport.asked_at, AuditExport.id),
        row_id=lambda export: str(export.id),
        row_href=lambda export: url_for("exports.show", export_id=export.id),
        placeholder="Filter by status, format or time",
        presets=(
            Preset("Last 24 hours", "asked:24h"),
            Preset("Last 7 days", "asked:7d"),
        ),
        filters=(
            Filter(
                Field(
                    "status",
                    "Status",
                    Kind.CHOICE,
                    values=tuple(ExportStatus),
                    hint="running, finished, cancelled or stopped",
                ),
                equals_any(AuditExport.status),
            ),
            Filter(
                Field("form", "Format", Kind.CHOICE, values=tuple(ExportForm), hint="csv or jsonl"),
                equals_any(AuditExport.form),
            ),
            Filter(
                Field("asked", "Asked for", Kind.TIME, hint="24h, 2026-11-01, a..b"),
                within_time(AuditExport.asked_at),
            ),
        ),
        empty=EmptyWords(
            "No exports yet",
            "Filter the audit log, then choose Export. Files are kept for a day and only you can"
            " download yours.",
        ),
    )
)
