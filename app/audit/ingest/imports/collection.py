"""Imports as a list page."""

from flask import url_for
from sqlalchemy import select

from app.audit.ingest.imports.models import FileImport, ImportStatus
from app.audit.ingest.imports.presenting import format_title, status_badge
from app.kernel.collections.declaration import (
    Collection,
    Column,
    EmptyWords,
    Filter,
    Preset,
    declare,
)
from app.kernel.collections.filters import begins_with, equals_any, within_time
from app.kernel.query_language.terms import Field, Kind
from app.kernel.times import time_cell

IMPORTS = declare(
    Collection(
        name="imports",
        title="Imports",
        caption="Uploaded files, newest first",
        noun=("import", "imports"),
        density="comfortable",
        columns=(
            Column("file", "File", lambda one, _: one.file_name),
            Column(
                "uploaded",
                "Uploaded",
                lambda one, zone: time_cell(one.uploaded_at, zone),
                type="time",
            ),
            Column("status", "Status", lambda one, _: status_badge(one), type="badge"),
            Column("format", "Read as", lambda one, _: format_title(one), priority=2),
            Column("stored", "Stored", lambda one, _: one.stored, type="num", priority=2),
            Column("refused", "Refused", lambda one, _: one.refused, type="num", priority=2),
            Column("by", "By", lambda one, _: one.uploaded_by, priority=3),
        ),
        statement=lambda: select(FileImport),
        order=(FileImport.uploaded_at, FileImport.id),
        row_id=lambda one: str(one.id),
        row_href=lambda one: url_for("imports.show", import_id=one.id),
        placeholder="Filter by file, status or time",
        presets=(
            Preset("Last 24 hours", "uploaded:24h"),
            Preset("Last 7 days", "uploaded:7d"),
        ),
        filters=(
            Filter(
                Field("file", "File", Kind.PREFIX, hint="begins with"),
                begins_with(FileImport.file_name),
            ),
            Filter(
                Field(
                    "status",
                    "Status",
                    Kind.CHOICE,
                    values=tuple(ImportStatus),
                    hint="waiting, running, finished, cancelled, stopped or discarded",
                ),
                equals_any(FileImport.status),
            ),
            Filter(
                Field("uploaded", "Uploaded", Kind.TIME, hint="24h, 2026-11-01, a..b"),
                within_time(FileImport.uploaded_at),
            ),
        ),
        empty=EmptyWords(
            "Nothing was imported yet",
            "Upload the log of another system: you see what its first records become before"
            " anything is stored.",
        ),
    )
)
