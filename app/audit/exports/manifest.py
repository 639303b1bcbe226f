"""The manifest of an export: what is in the file, and what it takes to check it, as JSON."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from app.audit.exports.cells import HEADER
from app.audit.exports.models import AuditExport, ExportForm
from app.audit.exports.selection import selection_of
from app.audit.proof.watermarks import get_watermark, proof_in_manifest
from app.audit.reading.windows import absolute, hull
from app.kernel.collections.declaration import Moment
from app.kernel.standing import TenantFacts
from app.kernel.times import iso
from app.kernel.untrusted_text import FORMULA

MANIFEST_FORMAT = "ballast-export/1"


def manifest_of(export: AuditExport, tenant: TenantFacts) -> dict[str, Any]:
    """Return the manifest of a finished export."""
    selection = selection_of(export)
    window = hull(selection.query, selection.moment)
    return {
        "format": MANIFEST_FORMAT,
        "export": str(export.id),
        "tenant": {"id": str(tenant.id), "name": tenant.slug},
        "asked_by": {"id": export.asked_by, "name": export.asked_by_name},
        "asked_at": iso(export.asked_at),
        "finished_at": iso(export.finished_at) if export.finished_at else None,
        "query": {
            "asked": export.query,
            "zone": export.zone,
            "absolute": absolute(selection.query, _in_zone(export)).canonical(),
        },
        "window": {
            "from": iso(window.start) if window.start else None,
            "to": iso(window.end) if window.end else None,
        },
        "file": {
            "name": export.file_name(tenant.slug),
            "media_type": ExportForm(export.form).media_type,
            "rows": export.rows,
            "bytes": export.bytes,
            "sha256": export.sha256,
            "order": "newest first, by occurred_at and id",
            **_csv(export),
        },
        "proof": proof_in_manifest(get_watermark(export.watermark)),
    }


def manifest_text(export: AuditExport, tenant: TenantFacts) -> str:
    """Return the manifest as the text of a file."""
    return json.dumps(manifest_of(export, tenant), indent=2, ensure_ascii=False) + "\n"


def _csv(export: AuditExport) -> dict[str, Any]:
    if export.form != ExportForm.CSV:
        return {}
    return {
        "columns": list(HEADER),
        "apostrophe_before": list(FORMULA),
    }


def _in_zone(export: AuditExport) -> Moment:
    return Moment(export.asked_at, ZoneInfo(export.zone))
