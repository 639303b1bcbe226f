"""Saved views as the components show them: tabs, what can be done with a view, and columns."""

import dataclasses
from typing import Any

from flask import url_for
from flask_wtf.csrf import generate_csrf

from app.audit.views.columns import CHOICE, STANDARD, Columns
from app.audit.views.models import SavedView
from app.audit.views.service import may_keep
from app.audit.views.state import ALL, ViewShelf, ViewState, view_address
from app.kernel.actor import Actor
from app.kernel.collections.criteria import Criteria, address_of
from app.vocabulary.permissions import Permission

# As many as stand beside each other; the rest is one page away.
SHOWN = 6


def view_tabs(actor: Actor, shelf: ViewShelf, criteria: Criteria) -> dict[str, Any]:
    """Return the tabs of the log: everything, the views, and keeping what is shown as one."""
    current, is_modified = shelf.current, shelf.is_modified(criteria)
    items: list[dict[str, Any]] = [_all_tab(shelf, current)]
    for view in _shown(shelf):
        is_current = view is current
        note = "modified" if is_current and is_modified else None
        items.append(
            {
                "label": view.name,
                "href": view_address(view),
                "current": is_current,
                "note": note,
                "icon": "users" if view.is_shared else None,
            }
        )
    if (hidden := len(shelf.views) - len(items) + 1) > 0:
        items.append({"label": f"{hidden} more", "href": url_for("audit_views.index")})
    if _is_new(shelf, criteria) and actor.may(Permission.SAVED_VIEW_CREATE):
        items.append({"label": "Save view", "href": _new_href(shelf, criteria), "icon": "plus"})
    return {"label": "Views", "items": items, "menu": _menu(actor, shelf, criteria)}


def column_choice(shelf: ViewShelf, criteria: Criteria) -> dict[str, Any]:
    """Return the menu of columns: each adds its column or takes it away."""
    columns = shelf.state.columns
    items: list[dict[str, Any]] = [
        {
            "label": column.label,
            "current": column.key in columns.keys,
            "href": _with_columns(criteria, columns.turned(column.key))
            if column.key in columns.keys or not columns.is_full
            else None,
        }
        for column in CHOICE
    ]
    if columns.keys != STANDARD:
        items.append({"label": "As at first", "href": _with_columns(criteria, Columns())})
    return {"label": "Columns", "items": items}


def _all_tab(shelf: ViewShelf, current: SavedView | None) -> dict[str, Any]:
    view = ALL if shelf.default is not None else None
    href = url_for("audit.index", view=view)
    return {"label": "All", "href": href, "current": current is None}


def _shown(shelf: ViewShelf) -> list[SavedView]:
    """Return the views that have a tab, the current one among them."""
    shown = list(shelf.views[:SHOWN])
    if shelf.current is not None and shelf.current not in shown:
        shown[-1] = shelf.current
    return shown


def _is_new(shelf: ViewShelf, criteria: Criteria) -> bool:
    """Say whether the page shows something that is not kept as the view it began as."""
    if criteria.errors:
        return False
    if shelf.current is not None:
        return shelf.is_modified(criteria)
    return bool(criteria.query.terms) or shelf.state.columns.keys != STANDARD


def _menu(actor: Actor, shelf: ViewShelf, criteria: Criteria) -> dict[str, Any] | None:
    """Return what can be done with the current view; None where there is nothing to do."""
    view, items = shelf.current, []
    if view is not None:
        is_kept = may_keep(actor, view)
        if shelf.is_modified(criteria):
            if is_kept and not criteria.errors:
                items.append(_save(view, shelf, criteria))
            items.append({"label": "Undo changes", "href": view_address(view), "icon": "undo-2"})
        items.append(_opening(view, shelf))
        if is_kept:
            edit = url_for("audit_views.edit", view_id=view.id)
            items.append({"label": "Rename or share", "href": edit, "icon": "pencil"})
            gone = url_for("audit_views.remove", view_id=view.id)
            items.append({"label": "Delete", "href": gone, "icon": "trash-2", "danger": True})
    if shelf.views:
        items.append({"label": "All views", "href": url_for("audit_views.index")})
    if not items:
        return None
    return {
        "label": "More about views",
        "icon": "ellipsis",
        "label_hidden": True,
        "variant": "quiet",
        "items": items,
    }


def _save(view: SavedView, shelf: ViewShelf, criteria: Criteria) -> dict[str, Any]:
    fields = {"q": criteria.query.canonical(), "columns": shelf.state.columns.text}
    words = "Save changes for everybody" if view.is_shared else "Save changes"
    return {
        "label": words,
        "action": url_for("audit_views.save", view_id=view.id),
        "csrf_token": generate_csrf(),
        "fields": fields,
        "icon": "check",
    }


def _opening(view: SavedView, shelf: ViewShelf) -> dict[str, Any]:
    is_default = shelf.default == view.id
    words = "Open the log with all events" if is_default else "Open the log with this view"
    return {
        "label": words,
        "action": url_for("audit_views.open_with"),
        "csrf_token": generate_csrf(),
        "fields": {"view": "" if is_default else str(view.id)},
        "icon": "bookmark",
    }


def _new_href(shelf: ViewShelf, criteria: Criteria) -> str:
    columns = shelf.state.columns.text or None
    return url_for("audit_views.new", q=criteria.query.canonical() or None, columns=columns)


def _with_columns(criteria: Criteria, columns: Columns) -> str:
    state = ViewState(columns, criteria.kept.get("view"))
    return address_of(url_for("audit.index"), dataclasses.replace(criteria, kept=state.kept))
