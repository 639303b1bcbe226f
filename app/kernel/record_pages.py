"""Record pages and form pages: every record and every form has one of these two templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from flask_wtf import FlaskForm

from app.kernel.problems import Problem
from app.kernel.rendering import render_page
from app.kernel.untrusted_text import single_line

# As much as the heading of a page takes; names in it may come from outside.
MAX_TITLE = 160
MAX_META = 300


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a record page: facts, a table (`columns`, `rows`, `empty`), or both."""

    title: str
    facts: Sequence[Mapping[str, Any]] = ()
    table: Mapping[str, Any] | None = None
    meta: str | None = None
    actions: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class FormWords:
    """What a form page says around its fields."""

    title: str
    submit_label: str
    cancel_href: str | None = None
    meta: str | None = None
    crumbs: Sequence[Mapping[str, str]] = ()
    facts: Sequence[Mapping[str, Any]] = ()
    danger: bool = False
    autocomplete: Mapping[str, str] = field(default_factory=dict)


def render_record(
    title: str,
    panels: Sequence[Panel],
    *,
    meta: str | None = None,
    crumbs: Sequence[Mapping[str, str]] = (),
    badges: Sequence[Mapping[str, str]] = (),
    primary: Mapping[str, Any] | None = None,
    actions: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """Render everything about one thing."""
    context = {
        "title": single_line(title, MAX_TITLE),
        "panels": panels,
        "meta": meta,
        "crumbs": list(crumbs),
        "badges": list(badges),
        "primary": primary,
        "actions": list(actions),
    }
    return render_page("record.html", context)


def render_form(form: FlaskForm, words: FormWords, *, problem: Problem | None = None) -> Response:
    """Render a form with what was typed and what is wrong with it.

    `problem` is a refusal by the service; it stands above the fields, and nothing typed is lost.
    """
    fields = [one for one in form if one.name != "csrf_token"]
    errors = [
        {"field_id": one.id, "message": f"{one.label.text}: {message}"}
        for one in fields
        for message in one.errors
    ]
    if problem is not None:
        errors.insert(0, {"message": problem.detail})
    status = problem.status if problem else 422 if errors else 200
    context = {
        "title": single_line(words.title, MAX_TITLE),
        "meta": single_line(words.meta, MAX_META) if words.meta else None,
        "crumbs": list(words.crumbs),
        "facts": list(words.facts),
        "action": request.full_path.rstrip("?"),
        "submit_label": words.submit_label,
        "cancel_href": words.cancel_href,
        "danger": words.danger,
        "autocomplete": dict(words.autocomplete),
        "fields": fields,
        "errors": errors,
    }
    response = render_page("form.html", context, status=status)
    response.headers.update(problem.headers if problem else {})
    return response
