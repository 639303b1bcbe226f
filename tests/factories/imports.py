"""Uploaded files and their imports."""

import hashlib
import json

import factory

from app.audit.importers.mapping.mapping import Mapping
from app.audit.importers.plan import Plan
from app.audit.importers.reading.layout import Kind, Layout
from app.audit.ingest.imports.models import FileImport, FilePiece
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory

CONTENT = b"".join(
    json.dumps(
        {
            "occurred_at": f"2026-03-14T09:26:{number:02d}Z",
            "actor": {"type": "person", "id": "u-1"},
            "action": "gate.opened",
        }
    ).encode()
    + b"\n"
    for number in range(3)
)


class FileImportFactory(RowFactory):
    class Meta:
        model = FileImport

    id = factory.LazyFunction(uuid7)
    file_name = "gates.jsonl"
    file_bytes = len(CONTENT)
    file_hash = hashlib.sha256(CONTENT).hexdigest()
    status = "waiting"
    uploaded_at = factory.LazyFunction(clock.now)
    uploaded_by = "Ann Example"
    started_at = None
    finished_at = None
    plan = factory.LazyFunction(lambda: Plan(Layout(Kind.LINES), "ndjson", Mapping()).as_json())
    text_bytes = len(CONTENT)
    offset_at = None
    number_at = None
    read = 0
    stored = 0
    duplicates = 0
    refused = 0
    refusals = factory.LazyFunction(dict)
    has_file = True


class FilePieceFactory(RowFactory):
    class Meta:
        model = FilePiece

    place = 0
    content = CONTENT
