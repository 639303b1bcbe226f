"""The pages of exports, and their downloads."""

from uuid import UUID

from flask import Response, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.audit.collection import AUDIT_LOG
from app.audit.event_types.tabs import ingestion_tabs
from app.audit.exports.collection import EXPORTS
from app.audit.exports.files import whole_path
from app.audit.exports.forms import NewExportForm
from app.audit.exports.manifest import manifest_text
from app.audit.exports.models import AuditExport, ExportForm, ExportStatus
from app.audit.exports.presenting import (
    export_actions,
    export_facts,
    export_primary,
    export_progress,
    export_title,
    status_badge,
)
from app.audit.exports.queries import get_export
from app.audit.exports.requesting import MOST_AT_ONCE, ask_for_export
from app.audit.exports.service import (
    EXPIRED,
    cancel_export,
    delete_export,
    download_export,
    is_there,
)
from app.audit.exports.settings import export_settings
from app.audit.reading.windows import query_of
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Moment
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.job_pages import asks_for_progress, render_job
from app.kernel.problems import InvalidInput, NotFound, Refused
from app.kernel.query_language.query import Query
from app.kernel.record_pages import FormWords, Panel, render_form
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.kernel.untrusted_text import single_line
from app.vocabulary.permissions import Permission

pages = TenantPages("exports", __name__, "/audit-log/exports")

_RANGE_KEPT = 60


@pages.get("", requires=Permission.AUDIT_EVENT_EXPORT)
def index(actor: Actor) -> ResponseReturnValue:
    primary = {"label": "New export", "href": url_for("exports.new")}
    return render_list(open_listing(EXPORTS), tabs=ingestion_tabs(actor), primary=primary)


@pages.form("/new", requires=Permission.AUDIT_EVENT_EXPORT)
def new(actor: Actor) -> ResponseReturnValue:
    form = NewExportForm(q=request.args.get("q", ""))
    words = FormWords(
        "Export events",
        "Export",
        cancel_href=url_for("audit.index", q=form.q.data or None),
        meta=f"Exactly the events of the filter. Up to {MOST_AT_ONCE:,} are downloaded at once,"
        " more are written in the background. Files stay under Exports for a while.",
        crumbs=[{"label": "Exports", "href": url_for("exports.index")}],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    moment = Moment(clock.now(), tenant_here().zone)
    try:
        query = _query(form.q.data or "")
        export = ask_for_export(actor, query, ExportForm(form.form.data), moment)
    except (InvalidInput, Refused) as problem:
        return render_form(form, words, problem=problem)
    if export.status == ExportStatus.FINISHED:
        return _sent(export)
    return redirect_to(url_for("exports.show", export_id=export.id))


@pages.get("/<uuid:export_id>", requires=Permission.AUDIT_EVENT_EXPORT)
def show(actor: Actor, export_id: UUID) -> ResponseReturnValue:
    return _show(get_export(actor, export_id))


@pages.get("/<uuid:export_id>/progress", requires=Permission.AUDIT_EVENT_EXPORT)
def progress(actor: Actor, export_id: UUID) -> ResponseReturnValue:
    export = get_export(actor, export_id)
    if export.status != ExportStatus.RUNNING or not asks_for_progress():
        return redirect_to(url_for("exports.show", export_id=export_id))
    return _show(export)


@pages.get("/<uuid:export_id>/file", requires=Permission.AUDIT_EVENT_EXPORT)
def file(actor: Actor, export_id: UUID) -> ResponseReturnValue:
    asked = request.headers.get("Range")
    asked_range = single_line(asked, _RANGE_KEPT) if asked else None
    return _sent(download_export(actor, export_id, asked_range=asked_range))


@pages.get("/<uuid:export_id>/manifest", requires=Permission.AUDIT_EVENT_EXPORT)
def manifest(actor: Actor, export_id: UUID) -> ResponseReturnValue:
    export = get_export(actor, export_id)
    if not is_there(export):
        raise NotFound(EXPIRED)
    response = Response(manifest_text(export, tenant_here()), content_type="application/json")
    name = f"{export.file_name(tenant_here().slug)}.manifest.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@pages.post("/<uuid:export_id>/cancel", requires=Permission.AUDIT_EVENT_EXPORT)
def cancel(actor: Actor, export_id: UUID) -> ResponseReturnValue:
    cancel_export(actor, export_id)
    flash("The export is called off. Nothing of it is kept.")
    return redirect_to(url_for("exports.show", export_id=export_id))


@pages.post("/<uuid:export_id>/delete", requires=Permission.AUDIT_EVENT_EXPORT)
def delete(actor: Actor, export_id: UUID) -> ResponseReturnValue:
    delete_export(actor, export_id)
    flash("The file is deleted.")
    return redirect_to(url_for("exports.show", export_id=export_id))


def _query(text: str) -> Query:
    query = query_of(text)
    if query.errors:
        first = query.errors[0].sentence
        raise InvalidInput(f"The filter could not be read, so nothing was exported. {first}")
    return query


def _show(export: AuditExport) -> Response:
    return render_job(
        export_title(export),
        [Panel("Export", export_facts(export, tenant_here().zone))],
        progress=export_progress(export),
        badges=[status_badge(export)],
        crumbs=[
            {"label": AUDIT_LOG.title, "href": url_for("audit.index")},
            {"label": EXPORTS.title, "href": url_for("exports.index")},
        ],
        primary=export_primary(export),
        actions=export_actions(export),
    )


def _sent(export: AuditExport) -> Response:
    """Send the file, whole or the range that is asked for: a download can go on where it ended."""
    return send_file(
        whole_path(export_settings(), export.tenant_id, export.id),
        mimetype=ExportForm(export.form).media_type,
        as_attachment=True,
        download_name=export.file_name(tenant_here().slug),
        etag=export.sha256 or False,
        last_modified=export.finished_at,
    )
