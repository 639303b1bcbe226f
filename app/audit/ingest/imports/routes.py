"""The pages of imports."""

import csv
import io
from collections.abc import Iterator
from functools import partial
from uuid import UUID

from flask import Response, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge

from app.audit.event_types.tabs import ingestion_tabs
from app.audit.importers.mapping.looking import look_at
from app.audit.importers.mapping.mapping import MAPPED
from app.audit.importers.plan import Plan, preview, sample_records
from app.audit.importers.reading.unpacking import PIECE
from app.audit.ingest.imports.collection import IMPORTS
from app.audit.ingest.imports.forms import UploadForm, plan_form, plan_of
from app.audit.ingest.imports.mappings import delete_mapping, list_mappings, save_mapping
from app.audit.ingest.imports.models import FileImport, ImportMapping, ImportStatus
from app.audit.ingest.imports.pieces import source_of
from app.audit.ingest.imports.presenting import (
    import_actions,
    import_facts,
    is_mapped,
    mapping_table,
    preview_table,
    progress_of,
    refusal_table,
    refusals_among,
    result_facts,
    start_action,
    status_badge,
)
from app.audit.ingest.imports.queries import report_of
from app.audit.ingest.imports.refusal_table import refusal_rows
from app.audit.ingest.imports.service import (
    cancel_import,
    change_plan,
    discard_import,
    upload_file,
)
from app.audit.ingest.imports.settings import MB, max_upload_bytes
from app.audit.ingest.imports.starting import start_import
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.job_pages import asks_for_progress, render_job
from app.kernel.problems import PayloadTooLarge, Problem
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.kernel.times import exact
from app.kernel.untrusted_text import single_line
from app.vocabulary.permissions import Permission

pages = TenantPages("imports", __name__, "/audit-log/imports")

# A form around the file: its other fields and the words between them.
_AROUND = 64 * 1024
_PATHS_SHOWN = 60


@pages.get("", requires=Permission.AUDIT_EVENT_IMPORT)
def index(actor: Actor) -> ResponseReturnValue:
    actions = [{"label": "Saved mappings", "href": url_for("imports.mappings")}]
    return render_list(
        open_listing(IMPORTS),
        tabs=ingestion_tabs(actor),
        primary={"label": "Upload a file", "href": url_for("imports.upload")},
        actions=actions if list_mappings() else [],
    )


@pages.form("/new", requires=Permission.AUDIT_EVENT_IMPORT)
def upload(actor: Actor) -> ResponseReturnValue:
    largest = max_upload_bytes()
    words = FormWords(
        "Upload a file to import",
        "Upload",
        cancel_href=url_for("imports.index"),
        crumbs=_crumbs(),
        meta=f"JSON or CSV, up to {largest // MB:,} MB, packed with gzip or not. You see what it"
        " becomes before anything is stored.",
    )
    _take_large_form(largest)
    form = UploadForm()
    if not form.validate_on_submit():
        return render_form(form, words)
    sent = form.file.data
    try:
        pieces = iter(partial(sent.stream.read, PIECE), b"")
        import_id = upload_file(actor, sent.filename or "file", pieces)
    except Problem as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(url_for("imports.show", import_id=import_id))


@pages.get("/<uuid:import_id>", requires=Permission.AUDIT_EVENT_IMPORT)
def show(actor: Actor, import_id: UUID) -> ResponseReturnValue:
    del actor  # the permission says it all
    return _show(get_record(FileImport, import_id))


@pages.get("/<uuid:import_id>/progress", requires=Permission.AUDIT_EVENT_IMPORT)
def progress(actor: Actor, import_id: UUID) -> ResponseReturnValue:
    del actor  # the permission says it all
    found = get_record(FileImport, import_id)
    if found.status != ImportStatus.RUNNING or not asks_for_progress():
        return redirect_to(url_for("imports.show", import_id=import_id))
    return _show(found)


@pages.form("/<uuid:import_id>/reading", requires=Permission.AUDIT_EVENT_IMPORT)
def edit(actor: Actor, import_id: UUID) -> ResponseReturnValue:
    found = get_record(FileImport, import_id)
    plan = Plan.from_json(found.plan)
    form = plan_form(plan)
    words = FormWords(
        f"How {found.file_name} is read",
        "Save and look again",
        cancel_href=url_for("imports.show", import_id=import_id),
        crumbs=[*_crumbs(), _crumb(found)],
        meta="Write fields as they stand in the records, with points for what lies within:"
        " user.email. A comma parts alternatives, a plus joins, 'quotes' hold a fixed text.",
        facts=_known_fields(found, plan),
        marks_optional=False,
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    wanted = plan_of(form, plan)
    if wanted.layout.encoding != plan.layout.encoding:
        layout = source_of(import_id).layout(wanted.layout.encoding)
        wanted = Plan(layout, wanted.format_name, wanted.mapping)
    try:
        change_plan(actor, import_id, wanted)
        if form["save_as"].data and wanted.format_name == MAPPED:
            save_mapping(actor, form["save_as"].data, wanted.mapping)
    except Problem as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(url_for("imports.show", import_id=import_id))


@pages.post("/<uuid:import_id>/start", requires=Permission.AUDIT_EVENT_IMPORT)
def start(actor: Actor, import_id: UUID) -> ResponseReturnValue:
    start_import(actor, import_id)
    return redirect_to(url_for("imports.show", import_id=import_id))


@pages.post("/<uuid:import_id>/cancel", requires=Permission.AUDIT_EVENT_IMPORT)
def cancel(actor: Actor, import_id: UUID) -> ResponseReturnValue:
    cancel_import(actor, import_id)
    flash("The import is called off. What it stored until then stays stored.")
    return redirect_to(url_for("imports.show", import_id=import_id))


@pages.post("/<uuid:import_id>/discard", requires=Permission.AUDIT_EVENT_IMPORT)
def discard(actor: Actor, import_id: UUID) -> ResponseReturnValue:
    discard_import(actor, import_id)
    flash("The file is deleted. What was imported from it stays.")
    return redirect_to(url_for("imports.index"))


@pages.get("/<uuid:import_id>/refusals", requires=Permission.AUDIT_EVENT_IMPORT)
def refusals(actor: Actor, import_id: UUID) -> ResponseReturnValue:
    del actor  # the permission says it all
    report = report_of(get_record(FileImport, import_id))
    headers = {"Content-Disposition": f'attachment; filename="refusals-{import_id}.csv"'}
    lines = (_csv_line(row) for row in refusal_rows(report))
    return Response(lines, mimetype="text/csv", headers=headers)


@pages.get("/mappings", requires=Permission.AUDIT_EVENT_IMPORT)
def mappings(actor: Actor) -> ResponseReturnValue:
    del actor
    rows = [_mapping_row(one) for one in list_mappings()]
    table = {
        "columns": [
            {"key": "name", "label": "Name"},
            {"key": "by", "label": "Saved by", "priority": "2"},
            {"key": "saved", "label": "Saved", "priority": "2"},
            {"key": "action", "label": "Action from", "type": "code"},
            {"key": "actions", "label": "Actions", "type": "actions", "label_hidden": True},
        ],
        "rows": rows,
        "empty": "No mapping is saved",
        "empty_hint": "Correct how a file is read, and give its mapping a name.",
    }
    return render_record("Saved mappings", [Panel("Mappings", table=table)], crumbs=_crumbs())


@pages.post("/mappings/delete", requires=Permission.AUDIT_EVENT_IMPORT)
def forget_mapping(actor: Actor) -> ResponseReturnValue:
    delete_mapping(actor, request.form.get("name", ""))
    flash("The mapping is deleted. Imports that used it keep their own copy.")
    return redirect_to(url_for("imports.mappings"))


def _take_large_form(largest: int) -> None:
    """Let a signed-in person who may import send more than other forms take.

    The check of the token is left to this place, because it reads the form: by now it is known
    who sends it.
    """
    if request.method != "POST":
        return
    request.max_content_length = largest + _AROUND
    try:
        current_app.extensions["csrf"].protect()
    except RequestEntityTooLarge:
        raise PayloadTooLarge(
            f"A file may have {largest // MB:,} MB. Pack it with gzip, or divide it; larger ones"
            " are imported with `flask audit import`."
        ) from None


def _show(found: FileImport) -> ResponseReturnValue:
    is_running = found.status == ImportStatus.RUNNING
    panels = list(_panels(found, Plan.from_json(found.plan)))
    return render_job(
        found.file_name,
        panels,
        progress=progress_of(found) if is_running else None,
        crumbs=_crumbs(),
        badges=[status_badge(found)],
        primary=start_action(found),
        actions=import_actions(found),
    )


def _panels(found: FileImport, plan: Plan) -> Iterator[Panel]:
    zone, report = tenant_here().zone, report_of(found)
    if found.started_at is not None and found.status != ImportStatus.RUNNING:
        yield Panel("Result", result_facts(found, zone))
    if report.refusals and found.status != ImportStatus.RUNNING:
        link = url_for("imports.refusals", import_id=found.id)
        yield Panel(
            "Refused",
            table=refusal_table(report),
            actions=[{"label": "Download as CSV", "href": link}],
        )
    if found.has_file and found.status == ImportStatus.WAITING:
        outcomes = preview(source_of(found.id), plan)
        note = f"The first records as they would be stored; times in {zone.key}."
        yield Panel("Preview", table=preview_table(outcomes, plan, zone), meta=note)
        refused = refusals_among(outcomes, plan)
        if refused.refusals:
            yield Panel("Refused among them", table=refusal_table(refused))
    if is_mapped(plan):
        yield Panel("Mapping", table=mapping_table(plan))
    yield Panel("File", import_facts(found, zone))


def _known_fields(found: FileImport, plan: Plan) -> list[dict[str, str]]:
    if not found.has_file:
        return []
    seen = look_at(sample_records(source_of(found.id), plan.layout, 20))[:_PATHS_SHOWN]
    names = ", ".join(f"{one.path} ({single_line(str(one.values[0]), 24)})" for one in seen)
    return [{"label": "Fields", "value": single_line(names, 4_000) or "none"}]


def _mapping_row(one: ImportMapping) -> dict[str, object]:
    delete = {
        "label": "Delete",
        "href": url_for("imports.forget_mapping"),
        "csrf_token": generate_csrf(),
        "fields": {"name": one.name},
        "confirm": f"Delete the mapping {one.name}?",
        "danger": True,
    }
    cells = {
        "name": one.name,
        "by": one.saved_by,
        "saved": exact(one.saved_at, tenant_here().zone),
        "action": one.mapping["fields"].get("action"),
        "actions": [delete],
    }
    return {"id": f"mapping-{one.name}", "cells": cells}


def _csv_line(cells: tuple[str, ...]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return buffer.getvalue()


def _crumbs() -> list[dict[str, str]]:
    return [{"label": "Imports", "href": url_for("imports.index")}]


def _crumb(found: FileImport) -> dict[str, str]:
    href = url_for("imports.show", import_id=found.id)
    return {"label": single_line(found.file_name, 80), "href": href}
