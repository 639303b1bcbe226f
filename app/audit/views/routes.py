"""The pages of saved views."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.audit.views.columns import CHOICE, read_columns
from app.audit.views.forms import ViewForm
from app.audit.views.models import SavedView
from app.audit.views.queries import get_view, list_views_and_default
from app.audit.views.service import (
    Asked,
    choose_default,
    create_view,
    delete_view,
    get_kept_view,
    may_keep,
    update_view,
)
from app.audit.views.state import view_address
from app.kernel.actor import Actor
from app.kernel.problems import InvalidInput, NotFound, Refused
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.kernel.times import time_cell
from app.vocabulary.permissions import Permission

pages = TenantPages("audit_views", __name__, "/audit-log/views")

_EVERYTHING = {"label": "Filter", "value": "None: every event"}
_COLUMNS = (
    {"key": "name", "label": "View"},
    {"key": "query", "label": "Filter", "type": "code"},
    {"key": "owner", "label": "Saved by", "priority": "2"},
    {"key": "updated", "label": "Changed", "type": "time", "priority": "3"},
    {"key": "actions", "label": "Actions", "type": "actions"},
)


@pages.get("", requires=Permission.AUDIT_EVENT_READ)
def index(actor: Actor) -> ResponseReturnValue:
    views, default = list_views_and_default(actor)
    own = [view for view in views if not view.is_shared]
    shared = [view for view in views if view.is_shared]
    return render_record(
        "Views of the log",
        [
            Panel("Yours alone", table=_table(actor, own, default)),
            Panel("Shared with everybody who reads the log", table=_table(actor, shared, default)),
        ],
        crumbs=_crumbs(),
    )


@pages.form("/new", requires=Permission.SAVED_VIEW_CREATE)
def new(actor: Actor) -> ResponseReturnValue:
    form = _form_for(actor, ViewForm())
    asked = Asked(request.args.get("q", ""), request.args.get("columns", ""))
    words = FormWords(
        "Save a view",
        "Save view",
        cancel_href=url_for("audit.index", q=asked.query or None, columns=asked.columns or None),
        crumbs=_crumbs(),
        facts=_facts(asked.query, asked.columns),
        autocomplete={"name": "off"},
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        view = create_view(actor, asked, name=form.name.data or "", is_shared=_wants_sharing(form))
    except (InvalidInput, Refused) as problem:
        return render_form(form, words, problem=problem)
    flash(f"The view “{view.name}” is saved.")
    return redirect_to(view_address(view))


@pages.get("/<uuid:view_id>", requires=Permission.AUDIT_EVENT_READ)
def show(actor: Actor, view_id: UUID) -> ResponseReturnValue:
    """Lead to what the view shows today: the address to hand on, since it follows changes."""
    return redirect_to(view_address(get_view(actor, view_id)))


@pages.post("/<uuid:view_id>/content", requires=Permission.SAVED_VIEW_CREATE)
def save(actor: Actor, view_id: UUID) -> ResponseReturnValue:
    asked = Asked(request.form.get("q", ""), request.form.get("columns", ""))
    view = update_view(actor, view_id, asked=asked)
    flash(f"The view “{view.name}” is saved.")
    return redirect_to(view_address(view))


@pages.form("/<uuid:view_id>/edit", requires=Permission.SAVED_VIEW_CREATE)
def edit(actor: Actor, view_id: UUID) -> ResponseReturnValue:
    view = get_kept_view(actor, view_id)
    form = _form_for(actor, ViewForm(name=view.name, is_shared=view.is_shared))
    words = FormWords(
        f"Rename or share “{view.name}”",
        "Save",
        cancel_href=view_address(view),
        crumbs=_crumbs(),
        facts=_facts(view.query, view.columns),
        autocomplete={"name": "off"},
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    sharing = _wants_sharing(form) if "is_shared" in form else None
    try:
        view = update_view(actor, view_id, name=form.name.data, is_shared=sharing)
    except (InvalidInput, Refused) as problem:
        return render_form(form, words, problem=problem)
    flash(f"The view “{view.name}” is saved.")
    return redirect_to(view_address(view))


@pages.form("/<uuid:view_id>/deletion", requires=Permission.SAVED_VIEW_CREATE)
def remove(actor: Actor, view_id: UUID) -> ResponseReturnValue:
    view = get_kept_view(actor, view_id)
    whose = "It goes for everybody" if view.is_shared else "It goes for good"
    words = FormWords(
        f"Delete the view “{view.name}”?",
        "Delete",
        cancel_href=view_address(view),
        crumbs=_crumbs(),
        facts=_facts(view.query, view.columns),
        consequences=(whose, "No event is deleted, and links to what it showed still work"),
    )
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_form(form, words)
    delete_view(actor, view_id)
    flash(f"The view “{view.name}” is deleted.")
    return redirect_to(url_for("audit_views.index"))


@pages.post("/opening", requires=Permission.SAVED_VIEW_CREATE)
def open_with(actor: Actor) -> ResponseReturnValue:
    """Choose what the log opens with, for the actor alone."""
    text = request.form.get("view", "")
    try:
        view_id = UUID(text) if text else None
    except ValueError:
        raise NotFound from None
    choose_default(actor, view_id)
    if view_id is None:
        flash("The log opens with all events.")
        return redirect_to(url_for("audit.index"))
    view = get_view(actor, view_id)
    flash(f"The log opens with “{view.name}” for you from now on.")
    return redirect_to(view_address(view))


def _form_for(actor: Actor, form: ViewForm) -> ViewForm:
    """Leave out what the actor may not choose."""
    if not actor.may(Permission.SAVED_VIEW_SHARE):
        del form.is_shared
    return form


def _wants_sharing(form: ViewForm) -> bool:
    return "is_shared" in form and bool(form.is_shared.data)


def _table(actor: Actor, views: list[SavedView], default: UUID | None) -> dict[str, Any]:
    zone = tenant_here().zone
    rows = [
        {
            "id": str(view.id),
            "cells": {
                "name": {
                    "text": view.name,
                    "href": view_address(view),
                    "sub": "the log opens with it" if view.id == default else None,
                },
                "query": view.query or "everything",
                "owner": view.owner_name,
                "updated": time_cell(view.updated_at, zone),
                "actions": _actions(actor, view),
            },
        }
        for view in views
    ]
    return {"columns": list(_COLUMNS), "rows": rows, "empty": "No view is here yet"}


def _actions(actor: Actor, view: SavedView) -> list[dict[str, str]]:
    if not may_keep(actor, view):
        return []
    return [
        {"label": "Edit", "href": url_for("audit_views.edit", view_id=view.id)},
        {"label": "Delete", "href": url_for("audit_views.remove", view_id=view.id)},
    ]


def _facts(query: str, columns: str) -> list[dict[str, str]]:
    """Say what a view shows: its filter, and its columns where they were chosen."""
    facts = [{"label": "Filter", "code": query} if query else _EVERYTHING]
    chosen = read_columns(columns)
    if chosen.text:
        names = [column.label for column in CHOICE if column.key in chosen.keys]
        facts.append({"label": "Columns", "value": ", ".join(["Time", *names])})
    return facts


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": "Audit log", "href": url_for("audit.index")},
        {"label": "Views", "href": url_for("audit_views.index")},
    ]
