"""The pages of deletions."""

from uuid import UUID

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from app.audit.retention.deletion.collection import RUNS
from app.audit.retention.deletion.forms import BeginForm
from app.audit.retention.deletion.models import RetentionRun, RunStatus
from app.audit.retention.deletion.presenting import (
    begin_form,
    run_actions,
    run_badge,
    run_facts,
    run_progress,
    run_title,
)
from app.audit.retention.deletion.runs import cancel_run, start_run
from app.audit.retention.errors import DeletionRuns
from app.audit.retention.preview import ClassPreview, preview
from app.audit.retention.rules import get_days
from app.audit.retention.tabs import retention_tabs
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.job_pages import asks_for_progress, render_job
from app.kernel.record_pages import FormWords, Panel, render_form
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("deletions", __name__, "/settings/retention/deletions")


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    may_begin = actor.may(Permission.RETENTION_UPDATE)
    return render_list(
        open_listing(RUNS),
        tabs=retention_tabs(actor),
        primary=begin_form() if may_begin else None,
    )


@pages.form("/new", requires=Permission.RETENTION_UPDATE)
def begin(actor: Actor) -> ResponseReturnValue:
    form = BeginForm()
    words = FormWords(
        "Delete what is over its time",
        "Delete now",
        cancel_href=url_for("retention.index"),
        crumbs=[{"label": "Retention", "href": url_for("retention.index")}],
        consequences=_consequences(preview(get_days(), clock.now())),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        run = start_run(actor)
    except DeletionRuns as problem:
        return render_form(form, words, problem=problem)
    flash("The deletion is begun. It goes on by itself.")
    return redirect_to(url_for("deletions.show", run_id=run.id))


@pages.get("/<uuid:run_id>", requires=Permission.SETTING_READ)
def show(actor: Actor, run_id: UUID) -> ResponseReturnValue:
    return _show(actor, get_record(RetentionRun, run_id))


@pages.get("/<uuid:run_id>/progress", requires=Permission.SETTING_READ)
def progress(actor: Actor, run_id: UUID) -> ResponseReturnValue:
    run = get_record(RetentionRun, run_id)
    if run.status != RunStatus.RUNNING or not asks_for_progress():
        return redirect_to(url_for("deletions.show", run_id=run_id))
    return _show(actor, run)


@pages.post("/<uuid:run_id>/cancel", requires=Permission.RETENTION_UPDATE)
def cancel(actor: Actor, run_id: UUID) -> ResponseReturnValue:
    cancel_run(actor, run_id)
    flash("The deletion is called off. What it deleted by then is gone.")
    return redirect_to(url_for("deletions.show", run_id=run_id))


def _consequences(counted: list[ClassPreview] | None) -> list[str]:
    if counted is None:
        return ["How many events go could not be counted in time.", *_ALWAYS]
    words = [
        f"{one.kind.label}: {one.now:,} events received more than {one.days:,} days ago go"
        + (f"; {one.held:,} stay under hold." if one.held else ".")
        for one in counted
    ]
    return [*words, *_ALWAYS]


_ALWAYS = (
    "They cannot be brought back. Sealed records say which went, and every proof stays valid.",
    "What is under legal hold stays.",
)


def _show(actor: Actor, run: RetentionRun) -> Response:
    return render_job(
        run_title(run),
        [Panel("Deletion", run_facts(run, tenant_here().zone))],
        progress=run_progress(run),
        badges=[run_badge(run)],
        crumbs=[
            {"label": "Retention", "href": url_for("retention.index")},
            {"label": RUNS.title, "href": url_for("deletions.index")},
        ],
        actions=run_actions(run) if actor.may(Permission.RETENTION_UPDATE) else [],
    )
