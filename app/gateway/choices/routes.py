"""Settings, Models: which model answers, what may leave for it, what it may take, and the stop."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.gateway.budgets.accounts import get_limits, list_accounts
from app.gateway.budgets.forms import BudgetForm
from app.gateway.budgets.service import update_budget
from app.gateway.choices.forms import EgressForm, PolicyForm, StopForm
from app.gateway.choices.policy import (
    first_choice,
    get_policy,
    list_choices,
    list_withheld,
    way_of,
)
from app.gateway.choices.presenting import (
    account_table,
    egress_table,
    endpoint_table,
    stop_facts,
    way_facts,
)
from app.gateway.choices.service import start_models, stop_models, update_egress, update_policy
from app.gateway.endpoints.breaker import list_breakers
from app.gateway.endpoints.config import EndpointConfig
from app.gateway.endpoints.probing import list_probes
from app.gateway.endpoints.stops import Stop, find_global_stop, find_tenant_stop
from app.gateway.gateway import gateway_settings
from app.gateway.purposes import Purpose
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.problems import InvalidInput, NotFound, Refused
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.tenancy.setting_tabs import setting_tabs
from app.vocabulary.permissions import Permission

pages = TenantPages("models", __name__, "/settings/models")

TITLE = "Models"


@pages.get("", requires=Permission.SETTING_READ)
def index(actor: Actor) -> ResponseReturnValue:
    stops = [stop for stop in (find_global_stop(), find_tenant_stop()) if stop is not None]
    return render_record(
        TITLE,
        [*_stop_panels(stops), *_panels(actor)],
        tabs={"label": "Settings", "items": setting_tabs(actor)},
        badges=[{"text": "calls are stopped", "tone": "danger"}] if stops else [],
        actions=_actions(actor, stops),
    )


@pages.form("/edit", requires=Permission.MODEL_UPDATE)
def edit(actor: Actor) -> ResponseReturnValue:
    settings = gateway_settings()
    form = PolicyForm.of(get_policy(), list_choices(settings), first_choice(settings))
    words = _words(
        "Choose the model", "Save", meta="In force from the next call on.", marks_optional=False
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        update_policy(actor, form.policy)
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    flash("The choice is saved.")
    return redirect_to(url_for("models.index"))


@pages.form("/fields", requires=Permission.MODEL_UPDATE)
def fields(actor: Actor) -> ResponseReturnValue:
    leaving = _leaving()
    wanted = request.args.get("of", leaving[0].name if leaving else "")
    if not leaving:
        nothing = {"label": "Endpoints", "value": "None is set up here, so nothing leaves."}
        return render_record("What may leave", [Panel("Fields", [nothing])], crumbs=_crumbs())
    if wanted not in [one.name for one in leaving]:
        raise NotFound
    form = EgressForm.of(list_withheld().get(wanted, frozenset()))
    words = _words(
        f"What may leave for {wanted}",
        "Save",
        meta="What is not ticked is taken out before anything is sent. Names, addresses and ids"
        " never leave: tokens such as A1 stand in their place.",
        marks_optional=False,
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    update_egress(actor, wanted, form.withheld)
    flash("The rule is saved. It binds from the next call on.")
    return redirect_to(url_for("models.index"))


@pages.form("/budget", requires=Permission.MODEL_UPDATE)
def budget(actor: Actor) -> ResponseReturnValue:
    wanted = request.args.get("purpose", Purpose.SUMMARY.value)
    if wanted not in set(Purpose):
        raise NotFound
    purpose = Purpose(wanted)
    form = BudgetForm.of(get_limits(purpose.value), gateway_settings().currency)
    words = _words(
        f"Budget: {purpose.label}",
        "Save",
        meta="Of a calendar month, UTC. A call that could take more than is left is not made.",
        marks_optional=False,
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        update_budget(actor, purpose, form.limits)
    except InvalidInput as problem:
        return render_form(form, words, problem=problem)
    flash("The budget is saved.")
    return redirect_to(url_for("models.index"))


@pages.form("/stop", requires=Permission.MODEL_UPDATE)
def stop(actor: Actor) -> ResponseReturnValue:
    form = StopForm()
    words = _words(
        "Stop calls to models",
        "Stop",
        consequences=(
            "Nothing of this tenant goes to a model any more, from the next try on.",
            "What waits for one fails and says so, unless the built-in provider is a fallback.",
        ),
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        stop_models(actor, form.reason.data or "")
    except (InvalidInput, Refused) as problem:
        return render_form(form, words, problem=problem)
    flash("Calls to models are stopped.")
    return redirect_to(url_for("models.index"))


@pages.post("/start", requires=Permission.MODEL_UPDATE)
def start(actor: Actor) -> ResponseReturnValue:
    start_models(actor)
    flash("Calls to models are allowed again.")
    return redirect_to(url_for("models.index"))


def _panels(actor: Actor) -> list[Panel]:
    settings, may_change = gateway_settings(), actor.may(Permission.MODEL_UPDATE)
    change = {"label": "Change", "href": url_for("models.edit")}
    accounts = list_accounts(clock.now(), settings.deadline_s)
    models = [(one, offer) for one in settings.endpoints.values() for offer in one.models]
    return [
        Panel(
            "Model",
            way_facts(way_of(settings), get_policy().calls_per_minute),
            actions=[change] if may_change else [],
        ),
        Panel(
            "This month",
            table=account_table(accounts, settings.currency, may_change=may_change),
            meta="Calendar month, UTC. Reserved is what calls under way could take at most.",
        ),
        Panel(
            "What may leave",
            table=egress_table(_leaving(), list_withheld(), may_change=may_change),
            actions=[{"label": "Choose", "href": url_for("models.fields")}] if may_change else [],
            meta="Names, addresses and ids never leave: tokens such as A1 stand in their place.",
        ),
        Panel(
            "Endpoints",
            table=endpoint_table(models, list_breakers(), list_probes(), settings.currency),
            meta="Whoever runs this installation sets them up.",
        ),
    ]


def _stop_panels(stops: list[Stop]) -> list[Panel]:
    zone = tenant_here().zone
    return [Panel("Calls to models are stopped", stop_facts(one, zone)) for one in stops]


def _actions(actor: Actor, stops: list[Stop]) -> list[dict[str, object]]:
    if not actor.may(Permission.MODEL_UPDATE):
        return []
    if any(not one.is_global for one in stops):
        href = url_for("models.start")
        return [{"label": "Start calls", "href": href, "csrf_token": generate_csrf()}]
    return [{"label": "Stop calls", "href": url_for("models.stop")}]


def _leaving() -> list[EndpointConfig]:
    return [one for one in gateway_settings().endpoints.values() if not one.is_extractive]


def _crumbs() -> list[dict[str, str]]:
    return [{"label": TITLE, "href": url_for("models.index")}]


def _words(
    title: str,
    label: str,
    *,
    meta: str | None = None,
    consequences: tuple[str, ...] = (),
    marks_optional: bool = True,
) -> FormWords:
    return FormWords(
        title,
        label,
        cancel_href=url_for("models.index"),
        meta=meta,
        crumbs=_crumbs(),
        consequences=consequences,
        marks_optional=marks_optional,
    )
