"""Settings, Prompts: versions, which one is in force, and the decisions about them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.audit.history.panel import history_panels
from app.evals.collection import version_words
from app.evals.errors import NothingBefore
from app.evals.forms import ReasonForm
from app.evals.models import EvalRun
from app.evals.promotion import (
    find_before,
    find_open,
    propose_version,
    refuse_version,
    release_version,
    roll_back,
    withdraw_version,
    words_of,
)
from app.evals.prompt_presenting import (
    decision_table,
    difference,
    prompt_table,
    proposal_facts,
    score_history,
    since_words,
    text_blocks,
    version_table,
)
from app.evals.queries import list_runs_of
from app.gateway.prompt_files import Prompt, list_names, list_versions
from app.gateway.release_models import PromptRelease
from app.gateway.releases import current_version, find_release, list_releases
from app.kernel.actor import Actor
from app.kernel.problems import InvalidInput, NotFound, Refused
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.tenancy.setting_tabs import setting_tabs
from app.vocabulary.permissions import Permission

pages = TenantPages("prompts", __name__, "/settings/prompts")


@pages.get("", requires=Permission.PROMPT_READ)
def index(actor: Actor) -> ResponseReturnValue:
    rows = [
        (list_versions(name)[0], current_version(actor.tenant, name), find_release(name))
        for name in list_names()
    ]
    return render_record(
        "Prompts",
        [Panel("Prompts", table=prompt_table(rows, tenant_here().zone))],
        meta="What models are told. A version comes into force by a passed run and two people.",
        tabs={"label": "Settings", "items": setting_tabs(actor)},
    )


@pages.get("/<slug:prompt>", requires=Permission.PROMPT_READ)
def show(actor: Actor, prompt: str) -> ResponseReturnValue:
    name, versions, zone = prompt, _versions(prompt), tenant_here().zone
    in_force, release, waiting = (
        current_version(actor.tenant, name),
        find_release(name),
        find_open(name),
    )
    panels = [
        Panel(
            "In force",
            [
                {"label": "Version", "value": in_force},
                {"label": "Since", "value": since_words(release, zone)},
                {"label": "Owner", "value": versions[0].owner},
                {"label": "Purpose", "value": versions[0].purpose},
            ],
        )
    ]
    if waiting is not None:
        panels.append(
            Panel(
                "Waits for a decision",
                proposal_facts(waiting, zone),
                actions=_decide(actor, waiting),
            )
        )
    panels += [
        Panel("Versions", table=version_table(versions, in_force)),
        Panel("Scores over time", table=score_history(list_runs_of(name), zone)),
        Panel("Decisions", table=decision_table(list_releases(name), zone)),
        *history_panels(actor, name),
    ]
    return render_record(name, panels, crumbs=_crumbs(), actions=_actions(actor, name))


@pages.get("/<slug:prompt>/versions/<int:number>", requires=Permission.PROMPT_READ)
def version(actor: Actor, prompt: str, number: int) -> ResponseReturnValue:
    del actor
    found = {one.version: one for one in _versions(prompt)}
    shown = found.get(number)
    if shown is None:
        raise NotFound
    before = max((older for older in found if older < number), default=None)
    changes = difference(None if before is None else found[before], shown)
    return render_record(
        shown.reference,
        [
            Panel(
                "Version",
                [
                    {"label": "Status", "value": shown.status},
                    {"label": "Answers", "value": shown.output_schema},
                    {"label": "Tools", "value": ", ".join(shown.tools) or "None"},
                    {"label": "SHA-256", "code": shown.sha256},
                ],
            ),
            Panel("Changelog", text=[{"type": "list", "items": list(shown.changelog)}]),
            Panel("Changes since the version before", text=text_blocks(changes)),
            Panel("Text", text=text_blocks(shown.text)),
        ],
        crumbs=_crumbs(prompt),
    )


@pages.form("/proposals/<uuid:evaluation_id>", requires=Permission.PROMPT_UPDATE)
def propose(actor: Actor, evaluation_id: UUID) -> ResponseReturnValue:
    run = get_record(EvalRun, evaluation_id)
    words = FormWords(
        f"Propose {version_words(run)}",
        "Propose",
        cancel_href=url_for("evaluations.show", evaluation_id=evaluation_id),
        crumbs=_crumbs(run.prompt_name),
        meta="Somebody else decides. Until then nothing changes.",
    )
    return _reasoned(
        words,
        run.prompt_name,
        lambda reason: propose_version(actor, evaluation_id, reason),
        "Proposed.",
    )


@pages.form("/decisions/<uuid:release_id>/release", requires=Permission.PROMPT_APPROVE)
def release(actor: Actor, release_id: UUID) -> ResponseReturnValue:
    found = get_record(PromptRelease, release_id)
    return _reasoned(
        _decision_words(found, "Release", "The next call uses this version."),
        found.name,
        lambda reason: release_version(actor, release_id, reason),
        f"{words_of(found)} is in force.",
    )


@pages.form("/decisions/<uuid:release_id>/refuse", requires=Permission.PROMPT_APPROVE)
def refuse(actor: Actor, release_id: UUID) -> ResponseReturnValue:
    found = get_record(PromptRelease, release_id)
    return _reasoned(
        _decision_words(found, "Refuse", "What is in force stays in force."),
        found.name,
        lambda reason: refuse_version(actor, release_id, reason),
        "Refused. Nothing changes.",
    )


@pages.post("/decisions/<uuid:release_id>/withdraw", requires=Permission.PROMPT_UPDATE)
def withdraw(actor: Actor, release_id: UUID) -> ResponseReturnValue:
    found = get_record(PromptRelease, release_id)
    withdraw_version(actor, release_id)
    flash("Withdrawn. Nothing changes.")
    return redirect_to(url_for("prompts.show", prompt=found.name))


@pages.form("/<slug:prompt>/rollback", requires=Permission.PROMPT_APPROVE)
def rollback(actor: Actor, prompt: str) -> ResponseReturnValue:
    _versions(prompt)
    if not _has_before(prompt):
        flash("What Ballast ships is in force; there is nothing before it.")
        return redirect_to(url_for("prompts.show", prompt=prompt))
    target = find_before(prompt)
    back_to = "what Ballast ships" if target is None else words_of(target)
    words = FormWords(
        f"Roll back {prompt}",
        "Roll back",
        cancel_href=url_for("prompts.show", prompt=prompt),
        crumbs=_crumbs(prompt),
        consequences=(f"The next call uses {back_to}.", "It takes one person, and no new run."),
    )
    return _reasoned(
        words, prompt, lambda reason: roll_back(actor, prompt, reason), f"Back to {back_to}."
    )


def _reasoned(
    words: FormWords, name: str, act: Callable[[str], object], told: str
) -> ResponseReturnValue:
    """Ask for the reason of an act, and do it."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        act(form.reason.data or "")
    except (InvalidInput, Refused) as problem:
        return render_form(form, words, problem=problem)
    flash(told)
    return redirect_to(url_for("prompts.show", prompt=name))


def _decision_words(found: PromptRelease, verb: str, meta: str) -> FormWords:
    return FormWords(
        f"{verb} {words_of(found)}",
        verb,
        cancel_href=url_for("prompts.show", prompt=found.name),
        crumbs=_crumbs(found.name),
        facts=proposal_facts(found, tenant_here().zone),
        meta=meta,
    )


def _decide(actor: Actor, waiting: PromptRelease) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if actor.may(Permission.PROMPT_APPROVE) and waiting.proposed_by != actor.id:
        actions = [
            {"label": "Release", "href": url_for("prompts.release", release_id=waiting.id)},
            {"label": "Refuse", "href": url_for("prompts.refuse", release_id=waiting.id)},
        ]
    if actor.may(Permission.PROMPT_UPDATE):
        href = url_for("prompts.withdraw", release_id=waiting.id)
        actions.append({"label": "Withdraw", "href": href, "csrf_token": generate_csrf()})
    return actions


def _actions(actor: Actor, name: str) -> list[dict[str, Any]]:
    actions = []
    if actor.may(Permission.EVALUATION_CREATE):
        actions.append({"label": "Start a run", "href": url_for("evaluations.new")})
    if actor.may(Permission.PROMPT_APPROVE) and _has_before(name):
        actions.append({"label": "Roll back", "href": url_for("prompts.rollback", prompt=name)})
    return actions


def _has_before(name: str) -> bool:
    try:
        find_before(name)
    except NothingBefore:
        return False
    return True


def _versions(name: str) -> tuple[Prompt, ...]:
    """Return the versions of a prompt, newest first. Raises `NotFound`."""
    found = list_versions(name)
    if not found:
        raise NotFound
    return found


def _crumbs(name: str | None = None) -> list[dict[str, str]]:
    crumbs = [{"label": "Prompts", "href": url_for("prompts.index")}]
    if name is not None:
        crumbs.append({"label": name, "href": url_for("prompts.show", prompt=name)})
    return crumbs
