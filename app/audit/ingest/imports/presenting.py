"""Imports as the components show them."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_wtf.csrf import generate_csrf

from app.audit.importers.mapping.mapping import FIELDS, MAPPED
from app.audit.importers.plan import Outcome, Plan
from app.audit.importers.registry import FORMATS
from app.audit.importers.report import ImportReport
from app.audit.ingest.imports.models import FileImport, ImportStatus
from app.kernel.job_pages import Progress
from app.kernel.times import exact, time_cell
from app.kernel.untrusted_text import single_line

_SHOWN = 120
_PLACES = 8
_TONES = {
    ImportStatus.WAITING: "neutral",
    ImportStatus.RUNNING: "info",
    ImportStatus.FINISHED: "success",
    ImportStatus.CANCELLED: "warning",
    ImportStatus.STOPPED: "danger",
    ImportStatus.DISCARDED: "neutral",
}
_OUTCOME_TONES = {"success": "success", "failure": "warning", "denied": "danger"}
_MB = 1024 * 1024


def status_badge(found: FileImport) -> dict[str, str]:
    """Return how far an import is, in one word."""
    status = ImportStatus(found.status)
    return {"text": status.value, "tone": _TONES[status]}


def format_title(found: FileImport) -> str:
    """Return what the records of a file are, for people."""
    known = FORMATS.get(found.plan["format"])
    return known.title if known else "Mapped fields"


def import_facts(found: FileImport, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what is known of a file and how it is read."""
    facts: list[dict[str, Any]] = [
        {"label": "Read as", "value": format_title(found)},
        {"label": "Layout", "value": Plan.from_json(found.plan).layout.words},
        {"label": "Size", "value": f"{found.file_bytes:,} bytes"},
        {"label": "SHA-256", "code": found.file_hash},
        {"label": "Uploaded by", "value": found.uploaded_by},
        {"label": "Uploaded", "value": exact(found.uploaded_at, zone)},
    ]
    if not found.has_file:
        facts.append({"label": "File", "value": "deleted; what was imported stays"})
    return facts


def result_facts(found: FileImport, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return what became of the records so far."""
    facts = [
        {"label": "Records", "value": f"{found.read + found.refused:,}"},
        {"label": "Events stored", "value": f"{found.stored:,}"},
        {"label": "In the log already", "value": f"{found.duplicates:,}"},
        {"label": "Refused", "value": f"{found.refused:,}"},
    ]
    for label, moment in (("Started", found.started_at), ("Ended", found.finished_at)):
        if moment is not None:
            facts.append({"label": label, "value": exact(moment, zone)})
    return facts


def mapping_table(plan: Plan) -> dict[str, Any]:
    """Return where the parts of an event come from."""
    return {
        "columns": [
            {"key": "part", "label": "Part of the event"},
            {"key": "sources", "label": "From", "type": "code"},
        ],
        "rows": [
            {
                "id": f"part-{number}",
                "cells": {"part": one.label, "sources": str(plan.mapping.fields[one.name])},
            }
            for number, one in enumerate(FIELDS)
            if one.name in plan.mapping.fields
        ],
    }


def preview_table(outcomes: Sequence[Outcome], plan: Plan, zone: ZoneInfo) -> dict[str, Any]:
    """Return the first records as they would be stored."""
    unit = plan.layout.kind.unit.capitalize()
    return {
        "columns": [
            {"key": "place", "label": unit},
            {"key": "time", "label": "Time", "type": "time"},
            {"key": "actor", "label": "Actor"},
            {"key": "action", "label": "Action", "type": "code"},
            {"key": "target", "label": "Target"},
            {"key": "outcome", "label": "Outcome", "type": "badge"},
            {"key": "address", "label": "Address", "type": "code", "priority": "2"},
        ],
        "rows": [
            {"id": f"record-{number}", "cells": _cells(one, zone)}
            for number, one in enumerate(outcomes)
            if one.draft is not None
        ],
        "empty": "None of them can be stored as it is read now",
    }


def refusals_among(outcomes: Sequence[Outcome], plan: Plan) -> ImportReport:
    """Return which of the first records would be refused, by reason."""
    report = ImportReport(plan.layout.kind.unit)
    for one in outcomes:
        if one.refused is not None:
            report.refuse(one.refused, one.number)
    return report


def refusal_table(report: ImportReport) -> dict[str, Any]:
    """Return the refusals of a file by reason."""
    return {
        "columns": [
            {"key": "reason", "label": "Reason"},
            {"key": "count", "label": "Records", "type": "num"},
            {"key": "places", "label": f"{report.unit.capitalize()}s"},
        ],
        "rows": [
            {
                "id": f"reason-{number}",
                "cells": {
                    "reason": single_line(reason, 300),
                    "count": refusals.count,
                    "places": _places(refusals.places, refusals.count),
                },
            }
            for number, (reason, refusals) in enumerate(report.by_count())
        ],
    }


def import_actions(found: FileImport) -> list[dict[str, Any]]:
    """Return what can be done about an import, besides what its page is about."""
    if found.status == ImportStatus.RUNNING:
        return [_post("Call it off", "imports.cancel", found)]
    if not found.has_file:
        return []
    correct = {"label": "Correct…", "href": url_for("imports.edit", import_id=found.id)}
    discard = _post("Discard the file", "imports.discard", found)
    return [correct, discard | {"confirm": f"Discard {single_line(found.file_name, 80)}?"}]


def start_action(found: FileImport) -> dict[str, Any] | None:
    """Return the button that starts an import, or goes on with it."""
    if not found.has_file:
        return None
    if found.status == ImportStatus.WAITING:
        return _post("Start the import", "imports.start", found)
    if found.status in (ImportStatus.CANCELLED, ImportStatus.STOPPED):
        return _post("Go on", "imports.start", found)
    return None


def progress_of(found: FileImport) -> Progress:
    """Return how far a running import is, in bytes of its file."""
    return Progress(
        f"{found.read + found.refused:,} records, {found.stored:,} events stored",
        found.offset_at or 0,
        found.text_bytes or 0,
        url_for("imports.progress", import_id=found.id),
    )


def is_mapped(plan: Plan) -> bool:
    """Say whether the fields of a file are mapped one by one."""
    return plan.format_name == MAPPED


def _post(label: str, endpoint: str, found: FileImport) -> dict[str, Any]:
    return {
        "label": label,
        "href": url_for(endpoint, import_id=found.id),
        "csrf_token": generate_csrf(),
    }


def _cells(one: Outcome, zone: ZoneInfo) -> dict[str, Any]:
    draft = one.draft
    if draft is None:
        return {}
    target = draft.targets[0] if draft.targets else None
    outcome = draft.outcome.value
    return {
        "place": f"{one.number:,}",
        # With its year: what is imported is often old, and a wrong year is a wrong mapping.
        "time": time_cell(draft.occurred_at, zone) | {"text": exact(draft.occurred_at, zone)},
        "actor": _party(draft.actor.name, draft.actor.type),
        "action": draft.action,
        "target": _party(target.name, target.type) if target else None,
        "outcome": {"text": outcome, "tone": _OUTCOME_TONES[outcome]},
        "address": draft.source_ip,
    }


def _party(name: str, kind: str) -> dict[str, str]:
    return {"text": single_line(name, _SHOWN), "sub": single_line(kind, 64)}


def _places(places: Sequence[int], count: int) -> str:
    shown = ", ".join(f"{place:,}" for place in places[:_PLACES])
    return f"{shown} …" if count > _PLACES else shown
