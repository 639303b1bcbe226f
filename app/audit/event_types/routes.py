"""The pages of event types."""

import json
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.contract.strict_json import JsonUnreadable, read_json
from app.audit.event_types.collection import EVENT_TYPES
from app.audit.event_types.counts import count_words
from app.audit.event_types.errors import BreaksCompatibility
from app.audit.event_types.event_type import EventType, Origin
from app.audit.event_types.forms import DeprecationForm, EventTypeForm
from app.audit.event_types.presenting import (
    difference_table,
    field_table,
    sample_panel,
    type_badges,
    type_facts,
    version_table,
)
from app.audit.event_types.queries import RegisteredType, find_type, get_type
from app.audit.event_types.service import deprecate_event_type, register_event_type
from app.audit.event_types.starting import EXAMPLE, starting_schema
from app.audit.event_types.tabs import ingestion_tabs
from app.audit.history.panel import history_panels
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.problems import InvalidInput, NotFound, Refused
from app.kernel.record_pages import FormWords, Panel, render_form
from app.kernel.rendering import redirect_to, render_page
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.vocabulary.permissions import Permission

pages = TenantPages("event_types", __name__, "/event-types")

SHOWN_PROBLEMS = 5


@pages.get("", requires=Permission.EVENT_TYPE_READ)
def index(actor: Actor) -> ResponseReturnValue:
    register = {"label": "Register", "href": url_for("event_types.new"), "icon": "plus"}
    return render_list(
        open_listing(EVENT_TYPES),
        tabs=ingestion_tabs(actor),
        primary=register if actor.may(Permission.EVENT_TYPE_CREATE) else None,
    )


@pages.form("/new", requires=Permission.EVENT_TYPE_CREATE)
def new(actor: Actor) -> ResponseReturnValue:
    form = _started(EventTypeForm())
    words = FormWords(
        "Register an event type",
        "Register",
        cancel_href=url_for("event_types.index"),
        crumbs=_crumbs(),
        meta="A version never changes once it is registered.",
        code=("schema",),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    action = form.action.data or ""
    try:
        schema = read_json(form.schema.data or "")
        kind = register_event_type(actor, action=action, schema=schema)
    except JsonUnreadable as unreadable:
        form.schema.errors = [str(unreadable)]
        return render_form(form, words)
    except BreaksCompatibility as problem:
        return render_form(_with_places(form, problem), words, problem=problem)
    except InvalidInput as problem:
        above = None if problem.errors else problem
        return render_form(_with_places(form, problem), words, problem=above)
    except Refused as problem:
        return render_form(form, words, problem=problem)
    flash(f"Version {kind.version} of {kind.action} is registered.")
    return redirect_to(url_for("event_types.show", action=action))


@pages.get("/<string:action>", requires=Permission.EVENT_TYPE_READ)
def show(actor: Actor, action: str) -> ResponseReturnValue:
    found = get_type(action)
    shown = found.versions.get(_wanted_version(found))
    if shown is None:
        raise NotFound
    before = found.versions.get(_compared_version(shown.kind.version))
    zone = tenant_here().zone
    panels = [
        Panel("Event type", type_facts(found, shown, count_words(action))).props(),
        Panel("Fields", table=field_table(shown.kind)).props(),
        *([] if before is None else [_changes(before.kind, shown.kind)]),
        Panel("Versions", table=version_table(found, shown.kind.version, zone)).props(),
        sample_panel(shown.kind.samples),
        *_history(actor, found),
    ]
    header = {
        "title": shown.kind.title,
        "meta": shown.kind.action,
        "crumbs": _crumbs(),
        "badges": type_badges(shown),
        "actions": _actions(actor, found),
    }
    return render_page("record.html", {"header": header, "tabs": None, "panels": panels})


@pages.form("/<string:action>/deprecation", requires=Permission.EVENT_TYPE_CREATE)
def deprecate(actor: Actor, action: str) -> ResponseReturnValue:
    found = get_type(action)
    form = DeprecationForm()
    living = [n for n, one in found.versions.items() if one.deprecation is None]
    form.version.choices = [(str(number), f"Version {number}") for number in living]
    words = FormWords(
        f"Deprecate a version of {action}",
        "Deprecate",
        cancel_href=url_for("event_types.show", action=action),
        crumbs=[*_crumbs(), {"label": action, "href": url_for("event_types.show", action=action)}],
        consequences=(
            "Events of the version are still taken; each answer tells its sender what to use.",
            "Events without a version move on when all of its major is deprecated.",
            "This cannot be taken back.",
        ),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        deprecate_event_type(
            actor, action=action, version=int(form.version.data), note=form.note.data or ""
        )
    except (InvalidInput, Refused) as problem:
        return render_form(form, words, problem=problem)
    flash("The version is deprecated.")
    return redirect_to(url_for("event_types.show", action=action))


def _started(form: EventTypeForm) -> EventTypeForm:
    """Fill in what there is to begin with: the newest version of a type, or a small example."""
    if form.is_submitted():
        return form
    action = request.args.get("action", "")
    found = find_type(action) if action else None
    form.action.data = action
    schema = found.newest.kind.schema if found else starting_schema(action or EXAMPLE)
    form.schema.data = json.dumps(schema, indent=2, ensure_ascii=False)
    return form


def _wanted_version(found: RegisteredType) -> int:
    text = request.args.get("version", "")
    return int(text) if text.isdecimal() and text.isascii() else max(found.versions)


def _compared_version(shown: int) -> int:
    """Return which older version the shown one is compared with: the one before, unless named."""
    text = request.args.get("since", "")
    since = int(text) if text.isdecimal() and text.isascii() else 0
    return since if 0 < since < shown else shown - 1


def _changes(before: EventType, kind: EventType) -> dict[str, Any]:
    title = f"Changes since version {before.version}"
    return Panel(title, table=difference_table(before, kind)).props()


def _history(actor: Actor, found: RegisteredType) -> list[dict[str, Any]]:
    """Return what was done to a type; what Ballast brings along changes with its releases alone."""
    if found.origin is not Origin.TENANT:
        return []
    return [panel.props() for panel in history_panels(actor, found.action)]


def _actions(actor: Actor, found: RegisteredType) -> list[dict[str, str]]:
    action = found.action
    actions = []
    if actor.may(Permission.AUDIT_EVENT_READ):
        log = url_for("audit.index", q=f"action:{action}")
        actions.append({"label": "Its events", "href": log, "icon": "history"})
    if found.origin is Origin.TENANT and actor.may(Permission.EVENT_TYPE_CREATE):
        actions.append({"label": "New version", "href": url_for("event_types.new", action=action)})
        if any(one.deprecation is None for one in found.versions.values()):
            ending = url_for("event_types.deprecate", action=action)
            actions.append({"label": "Deprecate", "href": ending})
    return actions


def _with_places(form: EventTypeForm, problem: InvalidInput) -> EventTypeForm:
    """Say beside the fields what `errors` says to programs; a person reads a few at a time."""
    for one in problem.errors:
        place = one.pointer.removeprefix("/schema")
        field = form.action if one.pointer == "/action" else form.schema
        words = one.detail if field is form.action or not place else f"{place}: {one.detail}"
        if len(field.errors) < SHOWN_PROBLEMS:
            field.errors = [*field.errors, words]
    return form


def _crumbs() -> list[dict[str, str]]:
    return [{"label": "Event types", "href": url_for("event_types.index")}]
