"""Pages of invitations: for those who invite, and for the invited."""

from uuid import UUID

from flask import current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.history.panel import history_panels
from app.identity.collections import INVITATIONS, invitation_status
from app.identity.errors import AlreadyMember, RoleOutOfReach, SignInRefused
from app.identity.forms import (
    AcceptanceForm,
    InvitationForm,
    grantable_roles,
)
from app.identity.gate import anonymous_actor
from app.identity.models import Invitation
from app.identity.queries.invitations import get_offer
from app.identity.roles import Role
from app.identity.routes.tabs import people_tabs
from app.identity.service.invitations import invite_member, revoke_invitation
from app.identity.service.joining import join
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.mail import mail_leaves
from app.kernel.problems import TooManyRequests
from app.kernel.rate_limit import spend
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import PublicPages, TenantPages
from app.kernel.standing import tenant_here
from app.kernel.times import exact
from app.vocabulary.permissions import Permission

pages = TenantPages("invitations", __name__, "/people/invitations")
invitation_pages = PublicPages("acceptance", __name__)

ACCEPTANCES_PER_SOURCE = 30
WINDOW_S = 600


@pages.get("", requires=Permission.MEMBER_CREATE)
def index(actor: Actor) -> ResponseReturnValue:
    invite = {"label": "Invite", "href": url_for("invitations.new"), "icon": "user-plus"}
    return render_list(open_listing(INVITATIONS), tabs=people_tabs(actor), primary=invite)


@pages.form("/new", requires=Permission.MEMBER_CREATE)
def new(actor: Actor) -> ResponseReturnValue:
    form = InvitationForm(role=Role.ANALYST.value)
    form.role.choices = grantable_roles(actor)
    words = FormWords(
        "Invite somebody",
        "Send invitation",
        cancel_href=url_for("people.index"),
        crumbs=[{"label": "People", "href": url_for("people.index")}],
        autocomplete={"email": "off"},
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        invitation_id = invite_member(
            actor, email=form.email.data or "", role=Role(form.role.data), link=_link()
        )
    except (AlreadyMember, RoleOutOfReach) as problem:
        return render_form(form, words, problem=problem)
    where = (
        "by mail" if mail_leaves() else "in the outbox, under Settings: no mail server is set up"
    )
    flash(f"{form.email.data} is invited. The invitation is {where}.")
    return redirect_to(url_for("invitations.show", invitation_id=invitation_id))


@pages.get("/<uuid:invitation_id>", requires=Permission.MEMBER_CREATE)
def show(actor: Actor, invitation_id: UUID) -> ResponseReturnValue:
    invitation = get_record(Invitation, invitation_id)
    status, zone = invitation_status(invitation), tenant_here().zone
    facts = [
        {"label": "Role", "value": Role(invitation.role).label},
        {"label": "Status", "value": status},
        {"label": "Sent", "value": exact(invitation.created_at, zone)},
        {"label": "Valid until", "value": exact(invitation.expires_at, zone)},
    ]
    withdraw = {
        "label": "Withdraw",
        "href": url_for("invitations.revoke", invitation_id=invitation_id),
        "csrf_token": generate_csrf(),
        "variant": "danger",
    }
    return render_record(
        invitation.email,
        [Panel("Invitation", facts), *history_panels(actor, str(invitation.id))],
        crumbs=[{"label": "Invitations", "href": url_for("invitations.index")}],
        actions=[withdraw] if status == "open" else [],
    )


@pages.post("/<uuid:invitation_id>/revocation", requires=Permission.MEMBER_CREATE)
def revoke(actor: Actor, invitation_id: UUID) -> ResponseReturnValue:
    revoke_invitation(actor, invitation_id)
    flash("The invitation is withdrawn.")
    return redirect_to(url_for("invitations.show", invitation_id=invitation_id))


@invitation_pages.form(
    "/invitations/<token>", reason="The secret in the address is what lets the invited in."
)
def accept(token: str) -> ResponseReturnValue:
    actor = anonymous_actor()
    spend(f"acceptance:source:{actor.source.ip}", allowed=ACCEPTANCES_PER_SOURCE, window_s=WINDOW_S)
    offer = get_offer(token)
    form = AcceptanceForm()
    words = FormWords(
        f"Join {offer.tenant_name}",
        "Join",
        meta=f"{offer.email} is invited as {Role(offer.role).label}.",
        autocomplete={"name": "name"},
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    name, password = form.name.data or "", form.password.data or ""
    try:
        join(actor, token, offer, name=name, password=password)
    except (AlreadyMember, SignInRefused, TooManyRequests) as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(url_for("shell.overview", tenant=offer.tenant_slug))


def _link() -> str:
    base = current_app.config["SETTINGS"].public_url.rstrip("/")
    return f"{base}/invitations/{{token}}"
