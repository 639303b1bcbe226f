"""Record pages and form pages: every record and every form has the template of its pattern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from wtforms.fields.core import Field

from app.kernel.problems import Problem
from app.kernel.rendering import render_page
from app.kernel.untrusted_text import single_line

# As much as the heading of a page takes; names in it may come from outside.
MAX_TITLE = 160
MAX_META = 300


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a record page: facts, blocks of text, a table (`columns`, `rows`, `empty`).

    One that `folds` shows its title alone until somebody opens it.
    """

    title: str
    facts: Sequence[Mapping[str, Any]] = ()
    table: Mapping[str, Any] | None = None
    meta: str | None = None
    actions: Sequence[Mapping[str, Any]] = ()
    text: Sequence[Any] = ()
    folds: bool = False

    def props(self) -> dict[str, Any]:
        """Return the part as the pattern of record pages takes it."""
        frame = {
            "title": self.title,
            "meta": self.meta,
            "actions": list(self.actions),
            "folds": "always" if self.folds else "never",
        }
        return {
            "panel": {**frame, "flush": self.table is not None},
            "facts": {"items": list(self.facts)} if self.facts else None,
            "text": {"blocks": list(self.text)} if self.text else None,
            "table": {"caption": self.title, **self.table} if self.table is not None else None,
        }


@dataclass(frozen=True, slots=True)
class FormWords:
    """What a form page says around its fields.

    A form with `consequences` takes something away: its page says what happens, and the button
    that does it looks like it. Without `marks_optional` no field says that it may stay empty: where
    most may, or where that depends on another.
    """

    title: str
    submit_label: str
    cancel_href: str | None = None
    meta: str | None = None
    crumbs: Sequence[Mapping[str, str]] = ()
    facts: Sequence[Mapping[str, Any]] = ()
    consequences: Sequence[str] = ()
    autocomplete: Mapping[str, str] = field(default_factory=dict)
    marks_optional: bool = True
    # The names of fields whose long text is code.
    code: Sequence[str] = ()


def render_record(
    title: str,
    panels: Sequence[Panel],
    *,
    meta: str | None = None,
    crumbs: Sequence[Mapping[str, str]] = (),
    badges: Sequence[Mapping[str, str]] = (),
    primary: Mapping[str, Any] | None = None,
    actions: Sequence[Mapping[str, Any]] = (),
    tabs: Mapping[str, Any] | None = None,
) -> Response:
    """Render everything about one thing."""
    header = {
        "title": single_line(title, MAX_TITLE),
        "meta": meta,
        "crumbs": list(crumbs),
        "badges": list(badges),
        "primary": primary,
        "actions": list(actions),
    }
    parts = [panel.props() for panel in panels]
    return render_page("record.html", {"header": header, "tabs": tabs, "panels": parts})


def render_form(form: FlaskForm, words: FormWords, *, problem: Problem | None = None) -> Response:
    """Render a form with what was typed and what is wrong with it.

    `problem` is a refusal by the service; it stands above the fields, and nothing typed is lost.
    """
    fields = [one for one in form if one.name != "csrf_token"]
    errors = _errors(fields, problem)
    context = {
        "header": {
            "title": single_line(words.title, MAX_TITLE),
            "meta": single_line(words.meta, MAX_META) if words.meta else None,
            "crumbs": list(words.crumbs),
        },
        "facts": {"items": list(words.facts)} if words.facts else None,
        "warning": {
            "tone": "warning",
            "title": "What happens",
            "items": list(words.consequences),
        },
        "form": {
            "action": request.full_path.rstrip("?"),
            "submit_label": words.submit_label,
            "csrf_token": generate_csrf(),
            "errors": errors,
            "cancel_href": words.cancel_href,
            "danger": bool(words.consequences),
            "upload": any(one.type == "FileField" for one in fields),
        },
        "fields": [{"field": _field(one, words)} for one in fields],
    }
    template = "confirm.html" if words.consequences else "form.html"
    status = problem.status if problem else 422 if errors else 200
    response = render_page(template, context, status=status)
    response.headers.update(problem.headers if problem else {})
    return response


def _errors(fields: Sequence[Field], problem: Problem | None) -> list[dict[str, Any]]:
    refusal = [{"message": problem.detail}] if problem is not None else []
    return refusal + [
        {"field_id": one.id, "message": f"{one.label.text}: {message}"}
        for one in fields
        for message in one.errors
    ]


def _field(one: Field, words: FormWords) -> dict[str, Any]:
    return {
        "field": one,
        "hint": one.description or None,
        "autocomplete": words.autocomplete.get(one.name),
        "optional_mark": words.marks_optional,
        "look": "code" if one.name in words.code else None,
    }
