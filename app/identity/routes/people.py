"""Pages of members and roles."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.history.panel import history_panels
from app.identity.collections import MEMBERS
from app.identity.forms import ReasonForm, RoleForm, grantable_roles
from app.identity.models import Membership
from app.identity.reach import may_reach
from app.identity.roles import Role, permissions_of
from app.identity.routes.tabs import people_tabs
from app.identity.service.people import (
    change_role,
    reinstate_member,
    remove_member,
    suspend_member,
)
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.problems import Refused
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.kernel.times import exact
from app.vocabulary.permissions import Permission

pages = TenantPages("people", __name__, "/people")


@pages.get("", requires=Permission.MEMBER_READ)
def index(actor: Actor) -> ResponseReturnValue:
    invite = {"label": "Invite", "href": url_for("invitations.new"), "icon": "user-plus"}
    return render_list(
        open_listing(MEMBERS),
        tabs=people_tabs(actor),
        primary=invite if actor.may(Permission.MEMBER_CREATE) else None,
    )


@pages.get("/roles", requires=Permission.ROLE_READ)
def roles(actor: Actor) -> ResponseReturnValue:
    columns = [{"key": "permission", "label": "Permission", "type": "code"}]
    columns += [{"key": role.value, "label": role.short, "type": "mark"} for role in Role]
    rows = [
        {
            "id": permission.name.lower(),
            "cells": {
                "permission": permission.value,
                **{role.value: _mark(role, permission) for role in Role},
            },
        }
        for permission in Permission
    ]
    purposes = [{"label": role.label, "value": role.purpose} for role in Role]
    table = {"columns": columns, "rows": rows}
    return render_record(
        "Roles",
        [Panel("What the roles are for", purposes), Panel("Permissions by role", table=table)],
        meta="What each role may do. The same list guards every page and the API.",
        tabs={"label": "People", "items": people_tabs(actor)},
    )


@pages.get("/<uuid:member_id>", requires=Permission.MEMBER_READ)
def show(actor: Actor, member_id: UUID) -> ResponseReturnValue:
    member = get_record(Membership, member_id)
    role, zone = Role(member.role), tenant_here().zone
    facts = [
        {"label": "Email", "value": member.email},
        {"label": "Role", "value": role.label, "sub": role.purpose},
        {"label": "Status", "value": member.status},
        {"label": "Joined", "value": exact(member.joined_at, zone)},
    ]
    may = [{"label": "May", "code": one.value} for one in sorted(permissions_of(role))]
    actions = _actions(actor, member)
    if actor.may(Permission.AUDIT_EVENT_READ):
        log = url_for("audit.index", q=f"actor:{member.account_id}")
        actions.insert(0, {"label": "What they did", "href": log, "icon": "history"})
    return render_record(
        member.name,
        [
            Panel("Member", facts),
            *history_panels(actor, str(member.id)),
            Panel(f"What {role.label} may do", may),
        ],
        crumbs=[{"label": "People", "href": url_for("people.index")}],
        badges=[{"text": "suspended", "tone": "warning"}] if member.status == "suspended" else [],
        actions=actions,
    )


@pages.form("/<uuid:member_id>/role", requires=Permission.MEMBER_UPDATE)
def role(actor: Actor, member_id: UUID) -> ResponseReturnValue:
    member = get_record(Membership, member_id)
    form = RoleForm(role=member.role)
    form.role.choices = grantable_roles(actor)
    words = FormWords(
        f"Change the role of {member.name}",
        "Change role",
        cancel_href=url_for("people.show", member_id=member_id),
        facts=[{"label": "Role now", "value": Role(member.role).label}],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        change_role(actor, member_id, role=Role(form.role.data))
    except Refused as problem:
        return render_form(form, words, problem=problem)
    flash(f"{member.name} is {Role(form.role.data).label} now.")
    return redirect_to(url_for("people.show", member_id=member_id))


@pages.form("/<uuid:member_id>/suspension", requires=Permission.MEMBER_UPDATE)
def suspend(actor: Actor, member_id: UUID) -> ResponseReturnValue:
    member = get_record(Membership, member_id)
    words = FormWords(
        f"Suspend {member.name}?",
        "Suspend",
        cancel_href=url_for("people.show", member_id=member_id),
        consequences=[
            "They are shut out from their next request on",
            "You can reinstate them at any time",
        ],
    )

    def act(reason: str) -> ResponseReturnValue:
        suspend_member(actor, member_id, reason=reason)
        flash(f"{member.name} is suspended.")
        return redirect_to(url_for("people.show", member_id=member_id))

    return _with_reason(words, act)


@pages.post("/<uuid:member_id>/reinstatement", requires=Permission.MEMBER_UPDATE)
def reinstate(actor: Actor, member_id: UUID) -> ResponseReturnValue:
    reinstate_member(actor, member_id)
    flash("They can sign in again.")
    return redirect_to(url_for("people.show", member_id=member_id))


@pages.form("/<uuid:member_id>/removal", requires=Permission.MEMBER_DELETE)
def remove(actor: Actor, member_id: UUID) -> ResponseReturnValue:
    member = get_record(Membership, member_id)
    words = FormWords(
        f"Remove {member.name}?",
        "Remove",
        cancel_href=url_for("people.show", member_id=member_id),
        consequences=["The membership ends", "What they did stays in the audit log"],
    )

    def act(reason: str) -> ResponseReturnValue:
        remove_member(actor, member_id, reason=reason)
        flash(f"{member.name} is no member any more.")
        return redirect_to(url_for("people.index"))

    return _with_reason(words, act)


def _with_reason(
    words: FormWords, act: Callable[[str], ResponseReturnValue]
) -> ResponseReturnValue:
    """Ask for a reason, then act; what a rule refuses stands above the form."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        return act(form.reason.data or "")
    except Refused as problem:
        return render_form(form, words, problem=problem)


def _mark(role: Role, permission: Permission) -> dict[str, Any]:
    allowed = permission in permissions_of(role)
    return {"allowed": allowed, "text": "may" if allowed else "may not"}


def _actions(actor: Actor, member: Membership) -> list[dict[str, Any]]:
    """Return what the actor may do to the member; nothing to themselves or out of reach."""
    if str(member.account_id) == actor.id or not may_reach(actor, Role(member.role)):
        return []
    actions: list[dict[str, Any]] = []
    if actor.may(Permission.MEMBER_UPDATE):
        actions.append(
            {"label": "Change role", "href": url_for("people.role", member_id=member.id)}
        )
        if member.status == "active":
            href = url_for("people.suspend", member_id=member.id)
            actions.append({"label": "Suspend", "href": href})
        else:
            href = url_for("people.reinstate", member_id=member.id)
            actions.append({"label": "Reinstate", "href": href, "csrf_token": generate_csrf()})
    if actor.may(Permission.MEMBER_DELETE):
        href = url_for("people.remove", member_id=member.id)
        actions.append({"label": "Remove", "href": href, "variant": "danger"})
    return actions
