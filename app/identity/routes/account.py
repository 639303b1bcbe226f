"""Signing in and out, choosing a tenant, and one's own sessions."""

from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from app.identity.errors import SignInRefused
from app.identity.forms import SignInForm
from app.identity.gate import anonymous_actor
from app.identity.queries.sessions import get_own_session, list_live_sessions
from app.identity.service.sign_in import end_session
from app.identity.service.sign_in import sign_in as start_session
from app.identity.sessions import forget_browser, let_in
from app.kernel.actor import Actor
from app.kernel.clock import UTC_ZONE
from app.kernel.problems import TooManyRequests
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.rendering import redirect_to, render_page
from app.kernel.routing import AccountPages, PublicPages
from app.kernel.standing import standing
from app.kernel.times import exact, iso
from app.vocabulary.permissions import Permission

account_pages = AccountPages("account", __name__)
public_pages = PublicPages("public", __name__)

_SIGN_IN = FormWords(
    "Sign in",
    "Sign in",
    autocomplete={"email": "username", "password": "current-password"},
)


@public_pages.form("/sign-in", reason="Where people who are not signed in come in.")
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect_to(_safe_next())
    form = SignInForm(next=request.args.get("next"))
    if not form.validate_on_submit():
        return render_form(form, _SIGN_IN)
    try:
        signed_in = start_session(
            anonymous_actor(), email=form.email.data or "", password=form.password.data or ""
        )
    except (SignInRefused, TooManyRequests) as problem:
        return render_form(form, _SIGN_IN, problem=problem)
    let_in(signed_in)
    return redirect_to(_safe_next(form.next.data))


@account_pages.post("/sign-out")
def sign_out(actor: Actor) -> ResponseReturnValue:
    end_session(actor, current_user.session)
    forget_browser()
    return redirect_to(url_for("public.sign_in"))


@account_pages.get("/tenants")
def tenants(actor: Actor) -> ResponseReturnValue:
    del actor  # the standing knows the tenants
    choices = standing().tenants
    if len(choices) == 1:
        return redirect_to(url_for("shell.overview", tenant=choices[0].slug))
    items = [
        {
            "label": one.slug,
            "link": {"href": url_for("shell.overview", tenant=one.slug), "text": one.name},
        }
        for one in choices
    ]
    sign_out = {
        "label": "Sign out",
        "href": url_for("account.sign_out"),
        "csrf_token": generate_csrf(),
        "variant": "quiet",
    }
    context = {
        "header": {"title": "Choose an organisation", "actions": [sign_out]},
        "panels": [Panel("Your organisations", items).props()] if items else [],
    }
    return render_page("account/tenants.html", context)


@account_pages.get("/account/sessions")
def sessions(actor: Actor) -> ResponseReturnValue:
    rows = [
        {
            "id": str(one.id),
            "cells": {
                "program": one.user_agent or "unknown program",
                "address": one.ip or "unknown",
                "seen": {
                    "text": exact(one.last_seen_at, UTC_ZONE),
                    "datetime": iso(one.last_seen_at),
                },
                "end": [
                    {
                        "label": "Sign out here" if one.is_current else "End",
                        "href": url_for("account.end", session_id=one.id),
                        "csrf_token": generate_csrf(),
                    }
                ],
            },
        }
        for one in list_live_sessions(UUID(actor.id), actor.source.session)
    ]
    columns = [
        {"key": "program", "label": "Program"},
        {"key": "address", "label": "Address", "type": "code"},
        {"key": "seen", "label": "Last seen", "type": "time"},
        {"key": "end", "label": "End", "type": "actions"},
    ]
    table = {"columns": columns, "rows": rows, "empty": "No session is open"}
    gallery = {"label": "Design system", "href": url_for("design.index")}
    reads_design = Permission.DESIGN_READ in standing().anywhere
    return render_record(
        "Your sessions",
        [Panel("Signed-in browsers", table=table)],
        actions=[gallery] if reads_design else [],
    )


@account_pages.post("/account/sessions/<uuid:session_id>/end")
def end(actor: Actor, session_id: UUID) -> ResponseReturnValue:
    end_session(actor, get_own_session(UUID(actor.id), session_id))
    flash("The session has ended.")
    return redirect_to(url_for("account.sessions"))


def _safe_next(wanted: str | None = None) -> str:
    """Return where to go after signing in: an address of ours, or the choice of tenants."""
    target = wanted or request.args.get("next") or ""
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_ours and target.isprintable() else url_for("account.tenants")
