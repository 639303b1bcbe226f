"""Pages of a tenant's settings, and its outbox."""

from uuid import UUID

from flask import current_app, flash, url_for
from flask.typing import ResponseReturnValue

from app.audit.history.panel import history_panels
from app.kernel.actor import Actor
from app.kernel.collections.declaration import Collection, Column, EmptyWords, declare
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.mail import OutboxMessage, get_message, list_statement, mail_leaves
from app.kernel.problems import InvalidInput
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.rendering import redirect_to, render_page
from app.kernel.routing import TenantPages
from app.kernel.standing import standing, tenant_here
from app.kernel.times import exact, time_cell, time_cell_or
from app.tenancy.forms import SettingsForm
from app.tenancy.service import update_settings
from app.tenancy.setting_tabs import setting_tabs
from app.vocabulary.permissions import Permission

pages = TenantPages("settings", __name__, "/settings")

OUTBOX = declare(
    Collection(
        name="outbox",
        title="Outbox",
        caption="Mail, newest first",
        noun=("mail", "mails"),
        density="comfortable",
        columns=(
            Column("subject", "Subject", lambda mail, _: mail.subject),
            Column("recipient", "To", lambda mail, _: mail.recipient),
            Column(
                "created",
                "Written",
                lambda mail, zone: time_cell(mail.created_at, zone),
                type="time",
                priority=2,
            ),
            Column(
                "sent",
                "Sent",
                lambda mail, zone: time_cell_or("not yet", mail.sent_at, zone),
                type="time",
                priority=2,
            ),
        ),
        statement=list_statement,
        order=(OutboxMessage.created_at, OutboxMessage.id),
        sorted_by="created",
        row_id=lambda mail: str(mail.id),
        row_href=lambda mail: url_for("settings.mail", mail_id=mail.id),
        empty=EmptyWords("No mail was written yet", "Invitations are the first to appear here."),
    )
)


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    tenant = tenant_here()
    facts = [
        {"label": "Name", "value": tenant.name},
        {"label": "Name in addresses", "code": tenant.slug},
        {"label": "Time zone", "value": tenant.time_zone},
    ]
    change = {"label": "Change", "href": url_for("settings.edit")}
    actions = [change] if actor.may(Permission.SETTING_UPDATE) else []
    gallery = {"label": "Design system", "href": url_for("design.index")}
    reads_design = actor.may(Permission.DESIGN_READ)
    context = {
        "header": {"title": "Settings", "actions": [gallery] if reads_design else []},
        "tabs": {"label": "Settings", "items": setting_tabs(actor)},
        "sections": [
            {"panel": {"title": "General", "actions": actions}, "facts": {"items": facts}},
            *(panel.props() for panel in history_panels(actor, str(tenant.id))),
        ],
    }
    return render_page("settings/index.html", context)


@pages.form("/edit", requires=Permission.SETTING_UPDATE)
def edit(actor: Actor) -> ResponseReturnValue:
    tenant = tenant_here()
    form = SettingsForm(name=tenant.name, time_zone=tenant.time_zone)
    words = FormWords(
        "Change settings",
        "Save",
        cancel_href=url_for("settings.index"),
        autocomplete={"name": "organization"},
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        update_settings(actor, name=form.name.data or "", time_zone=form.time_zone.data)
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    flash("The settings are saved.")
    return redirect_to(url_for("settings.index"))


@pages.get("/outbox", requires=Permission.SETTING_UPDATE)
def outbox(actor: Actor) -> ResponseReturnValue:
    return render_list(open_listing(OUTBOX), tabs=setting_tabs(actor))


@pages.get("/outbox/<uuid:mail_id>", requires=Permission.SETTING_UPDATE)
def mail(actor: Actor, mail_id: UUID) -> ResponseReturnValue:
    message, zone = get_message(actor.tenant, mail_id), tenant_here().zone
    facts = [
        {"label": "To", "value": message.recipient},
        {"label": "Written", "value": exact(message.created_at, zone)},
        {"label": "Sent", "value": exact(message.sent_at, zone) if message.sent_at else "not yet"},
        *_content(message),
    ]
    return render_record(
        message.subject,
        [Panel("Mail", facts)],
        crumbs=[{"label": "Outbox", "href": url_for("settings.outbox")}],
    )


def _content(message: OutboxMessage) -> list[dict[str, str]]:
    """Return what this reader may see of a mail's text.

    A mail may hold a secret, which belongs to its recipient: the text is shown only where no
    server takes mail further, so that somebody has to hand it over; and one whose secret makes
    an owner is shown to owners only.
    """
    if not message.body:
        return [{"label": "Text", "value": "Wiped: it was sent, or what it was about is over."}]
    if mail_leaves():
        return [{"label": "Text", "value": "Only its recipient reads it."}]
    if message.for_owners and not standing().is_owner:
        return [{"label": "Text", "value": "Only owners read this mail."}]
    content = [{"label": "Text", "value": message.body}]
    ours = f"{current_app.config['SETTINGS'].public_url.rstrip('/')}/invitations/"
    links = [word for word in message.body.split() if word.startswith(ours)]
    # The last, because names that people chose come before it.
    return [*content, {"label": "Link in it", "copy": links[-1]}] if links else content
