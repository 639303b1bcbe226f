"""The pages of the rules of ingestion."""

from dataclasses import asdict

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from app.audit.event_types.tabs import ingestion_tabs
from app.audit.ingest.rules.forms import RulesForm
from app.audit.ingest.rules.service import get_rules, update_rules
from app.kernel.actor import Actor
from app.kernel.problems import InvalidInput
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.vocabulary.permissions import Permission

pages = TenantPages("ingestion", __name__, "/ingestion")


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    rules = get_rules()
    unregistered = "refused, into quarantine" if rules.registered_types_only else "stored, marked"
    facts = [
        {"label": "Events of no registered type", "value": unregistered},
        {"label": "Events a minute, each key", "value": f"{rules.events_per_minute:,}"},
        {"label": "Events a day, each key", "value": f"{rules.events_per_day:,}"},
        {"label": "Refused events wait", "value": f"{rules.quarantine_days} days"},
    ]
    change = {"label": "Change", "href": url_for("ingestion.edit")}
    return render_record(
        "Ingestion rules",
        [Panel("Rules", facts)],
        tabs={"label": "Events", "items": ingestion_tabs(actor)},
        actions=[change] if actor.may(Permission.SETTING_UPDATE) else [],
    )


@pages.form("/edit", requires=Permission.SETTING_UPDATE)
def edit(actor: Actor) -> ResponseReturnValue:
    form = RulesForm(data=asdict(get_rules()))
    words = FormWords(
        "Change the ingestion rules",
        "Save",
        cancel_href=url_for("ingestion.index"),
        crumbs=[{"label": "Ingestion rules", "href": url_for("ingestion.index")}],
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        update_rules(actor, form.rules)
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    flash("The rules are saved. They are in force from the next request on.")
    return redirect_to(url_for("ingestion.index"))
