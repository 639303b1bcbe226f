"""Pages of API keys."""

from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.history.panel import history_panels
from app.identity.collections import API_KEYS, key_status
from app.identity.forms import ApiKeyForm
from app.identity.models import ApiKey
from app.identity.service.api_keys import create_api_key, revoke_api_key
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.kernel.times import exact
from app.tenancy.setting_tabs import setting_tabs
from app.vocabulary.permissions import Permission

pages = TenantPages("keys", __name__, "/settings/api-keys")


@pages.get("", requires=Permission.API_KEY_READ)
def index(actor: Actor) -> ResponseReturnValue:
    new_key = {"label": "New key", "href": url_for("keys.new"), "icon": "plus"}
    return render_list(
        open_listing(API_KEYS),
        tabs=setting_tabs(actor),
        primary=new_key if actor.may(Permission.API_KEY_CREATE) else None,
    )


@pages.form("/new", requires=Permission.API_KEY_CREATE)
def new(actor: Actor) -> ResponseReturnValue:
    form = ApiKeyForm()
    words = FormWords(
        "New API key",
        "Create key",
        cancel_href=url_for("keys.index"),
        crumbs=[{"label": "API keys", "href": url_for("keys.index")}],
        autocomplete={"name": "off"},
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    key = create_api_key(
        actor,
        name=form.name.data or "",
        scopes=(Permission(form.scope.data),),
        lifetime_days=int(form.lifetime.data) or None,
    )
    # Shown in this one answer and never again, so it is no redirect: nothing else holds it.
    return render_record(
        f"Key {form.name.data}",
        [
            Panel(
                "Copy the key now",
                [{"label": "API key", "copy": key.text}],
                meta="It is shown this once. Only its hash is stored.",
            )
        ],
        crumbs=[{"label": "API keys", "href": url_for("keys.index")}],
        primary={"label": "I have copied it", "href": url_for("keys.show", key_id=key.id)},
    )


@pages.get("/<uuid:key_id>", requires=Permission.API_KEY_READ)
def show(actor: Actor, key_id: UUID) -> ResponseReturnValue:
    key, zone = get_record(ApiKey, key_id), tenant_here().zone
    status = key_status(key)
    facts = [
        {"label": "May", "code": ", ".join(key.scopes)},
        {"label": "Status", "value": status},
        {"label": "Made by", "value": key.created_by},
        {"label": "Made", "value": exact(key.created_at, zone)},
        {
            "label": "Valid until",
            "value": exact(key.expires_at, zone) if key.expires_at else "it is revoked",
        },
        {
            "label": "Last used",
            "value": exact(key.last_used_at, zone) if key.last_used_at else "never",
        },
    ]
    actions = []
    if actor.may(Permission.AUDIT_EVENT_READ):
        sent = url_for("audit.index", q=f'"{key.id}"')
        actions.append({"label": "What it sent", "href": sent, "icon": "history"})
    if status == "active" and actor.may(Permission.API_KEY_DELETE):
        actions.append(
            {
                "label": "Revoke",
                "href": url_for("keys.revoke", key_id=key_id),
                "csrf_token": generate_csrf(),
                "variant": "danger",
                "confirm": f"Revoke {key.name}? Programs that use it are refused at once.",
            }
        )
    return render_record(
        key.name,
        [Panel("API key", facts), *history_panels(actor, str(key.id))],
        crumbs=[{"label": "API keys", "href": url_for("keys.index")}],
        actions=actions,
    )


@pages.post("/<uuid:key_id>/revocation", requires=Permission.API_KEY_DELETE)
def revoke(actor: Actor, key_id: UUID) -> ResponseReturnValue:
    revoke_api_key(actor, key_id)
    flash("The key is revoked. Requests that carry it are refused from now on.")
    return redirect_to(url_for("keys.show", key_id=key_id))
