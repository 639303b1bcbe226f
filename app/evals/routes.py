"""Settings, Evaluations: runs, their scores, and what failed."""

from typing import Any
from uuid import UUID

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from wtforms import SelectChoice

from app.evals.collection import EVAL_RUNS, version_words
from app.evals.errors import RunOpen
from app.evals.forms import RunForm
from app.evals.metrics import Judged
from app.evals.models import EvalResult, EvalRun
from app.evals.outcomes import Outcome
from app.evals.own_cases import make_case
from app.evals.presenting import (
    category_table,
    failure_table,
    outcome_panel,
    run_badge,
    run_facts,
    run_progress,
    score_table,
    tuple_facts,
)
from app.evals.promotion import demand_evidence
from app.evals.queries import judged_of, list_results
from app.evals.service import cancel_run, model_in_use
from app.evals.starting import start_run
from app.evals.states import RunStatus
from app.gateway.choices.policy import list_choices
from app.gateway.gateway import gateway_settings
from app.gateway.prompt_files import list_names, list_versions
from app.kernel.actor import Actor
from app.kernel.collections.listing import open_listing
from app.kernel.collections.rendering import render_list
from app.kernel.database import current_session
from app.kernel.job_pages import asks_for_progress, render_job
from app.kernel.problems import InvalidInput, NotFound, Refused
from app.kernel.record_pages import FormWords, Panel, render_form, render_record
from app.kernel.records import get_record
from app.kernel.rendering import redirect_to
from app.kernel.routing import TenantPages
from app.kernel.standing import tenant_here
from app.kernel.untrusted_text import single_line
from app.tenancy.setting_tabs import setting_tabs
from app.vocabulary.permissions import Permission

pages = TenantPages("evaluations", __name__, "/settings/evaluations")

_SEPARATOR = " "
_SHOWN = 500


@pages.get("", requires=Permission.EVALUATION_READ)
def index(actor: Actor) -> ResponseReturnValue:
    start = {"label": "Start a run", "href": url_for("evaluations.new")}
    may_start = actor.may(Permission.EVALUATION_CREATE)
    return render_list(
        open_listing(EVAL_RUNS), tabs=setting_tabs(actor), primary=start if may_start else None
    )


@pages.form("/new", requires=Permission.EVALUATION_CREATE)
def new(actor: Actor) -> ResponseReturnValue:
    form = RunForm()
    versions = [prompt for name in list_names() for prompt in list_versions(name)]
    form.version.choices = [
        SelectChoice(one.reference, f"{one.reference}, {one.status}") for one in versions
    ]
    offered = {one.words: one for one in list_choices(gateway_settings())}
    form.model.choices = [SelectChoice(words, words) for words in offered]
    if not form.is_submitted():
        form.model.data = model_in_use().words
        form.version.data = request.args.get("version", versions[0].reference)
    words = FormWords(
        "Start a run",
        "Start",
        cancel_href=url_for("evaluations.index"),
        crumbs=_crumbs(),
        meta="Every case is asked. The calls count against this month's budget for evaluations.",
    )
    if not form.validate_on_submit():
        return render_form(form, words)
    try:
        run = start_run(actor, prompt=form.version.data, model=offered[form.model.data])
    except (InvalidInput, RunOpen) as problem:
        return render_form(form, words, problem=problem)
    return redirect_to(url_for("evaluations.show", evaluation_id=run.id))


@pages.get("/<uuid:evaluation_id>", requires=Permission.EVALUATION_READ)
def show(actor: Actor, evaluation_id: UUID) -> ResponseReturnValue:
    return _show(actor, get_record(EvalRun, evaluation_id))


@pages.get("/<uuid:evaluation_id>/progress", requires=Permission.EVALUATION_READ)
def progress(actor: Actor, evaluation_id: UUID) -> ResponseReturnValue:
    run = get_record(EvalRun, evaluation_id)
    if not RunStatus(run.status).is_open or not asks_for_progress():
        return redirect_to(url_for("evaluations.show", evaluation_id=evaluation_id))
    return _show(actor, run)


@pages.post("/<uuid:evaluation_id>/cancel", requires=Permission.EVALUATION_CREATE)
def cancel(actor: Actor, evaluation_id: UUID) -> ResponseReturnValue:
    cancel_run(actor, evaluation_id)
    flash("Called off. What was run stays to be read.")
    return redirect_to(url_for("evaluations.show", evaluation_id=evaluation_id))


@pages.post("/cases/<uuid:summary_id>", requires=Permission.EVALUATION_CREATE)
def make(actor: Actor, summary_id: UUID) -> ResponseReturnValue:
    make_case(actor, summary_id)
    flash("The next run asks this as well, and expects what stands here.")
    return redirect_to(url_for("summaries.show", summary_id=summary_id))


@pages.get("/<uuid:evaluation_id>/cases/<string:case_id>", requires=Permission.EVALUATION_READ)
def case(actor: Actor, evaluation_id: UUID, case_id: str) -> ResponseReturnValue:
    del actor
    run = get_record(EvalRun, evaluation_id)
    result = _result(run.id, case_id)
    if result is None:
        raise NotFound
    (one,) = judged_of([result])
    panels = [
        Panel("Asked", _case_facts(one)),
        outcome_panel(f"This run, {version_words(run)}", one.outcome),
    ]
    before = None if run.champion_id is None else _result(run.champion_id, case_id)
    if before is not None and run.champion_id is not None:
        champion = get_record(EvalRun, run.champion_id)
        title = f"In force, {version_words(champion)}"
        panels.append(outcome_panel(title, Outcome.from_json(before.outcome)))
    badge = {"text": "passed", "tone": "success"}
    return render_record(
        case_id,
        panels,
        badges=[badge if result.passes else {"text": "failed", "tone": "danger"}],
        crumbs=[
            *_crumbs(),
            {
                "label": version_words(run),
                "href": url_for("evaluations.show", evaluation_id=evaluation_id),
            },
        ],
    )


def _show(actor: Actor, run: EvalRun) -> Response:
    progress = run_progress(run)
    return render_job(
        f"Run of {version_words(run)}",
        _panels(run),
        progress=progress,
        badges=[run_badge(run)],
        crumbs=_crumbs(),
        primary=_propose(actor, run),
        actions=_actions(actor, run),
    )


def _panels(run: EvalRun) -> list[Panel]:
    panels = [Panel("Run", run_facts(run, tenant_here().zone))]
    if run.metrics is not None:
        champion = None if run.champion_id is None else get_record(EvalRun, run.champion_id)
        failing = [one for one in judged_of(list_results(run.id)) if not one.passes]
        theirs = {} if champion is None else _outcomes(champion.id, failing)
        compared = _comparison_words(run)
        panels += [
            Panel("Scores", table=score_table(run, champion), meta=compared),
            Panel("Failing cases", table=failure_table(run, failing, theirs)),
            Panel("By category", table=category_table(run)),
        ]
    return [*panels, Panel("What the result holds for", tuple_facts(run), folds=True)]


def _comparison_words(run: EvalRun) -> str:
    if run.comparison is None:
        return "There was no run of what is in force to compare it with."
    failing, passing = run.comparison["newly_failing"], run.comparison["newly_passing"]
    return (
        f"Beside what is in force: {len(failing)} cases newly fail, {len(passing)} newly pass;"
        f" exact McNemar p = {run.comparison['p']:.3f}."
    )


def _outcomes(run_id: UUID, failing: list[Judged]) -> dict[str, Outcome]:
    wanted = {one.case.id for one in failing}
    return {
        one.case_id: Outcome.from_json(one.outcome)
        for one in list_results(run_id)
        if one.case_id in wanted
    }


def _result(run_id: UUID, case_id: str) -> EvalResult | None:
    return current_session().get(EvalResult, (tenant_here().id, run_id, case_id))


def _case_facts(one: Judged) -> list[dict[str, Any]]:
    asked = one.case.query
    must = ", ".join(
        f"{' '.join(fact.dimensions.values())} × {fact.count}" for fact in one.case.expected.facts
    )
    facts: list[dict[str, Any]] = [
        {"label": "Question", "value": single_line(asked.question or "None", _SHOWN)},
        {"label": "Filter", "code": asked.query or "none"},
        {"label": "Category", "value": asked.category.replace("_", " ")},
        {"label": "Log", "value": asked.world.value},
    ]
    if one.case.expected.refuse is not None:
        return [*facts, {"label": "Expected", "value": f"refuse: {one.case.expected.refuse}"}]
    missing = [
        " ".join(fact.dimensions.values())
        for place, fact in enumerate(one.case.expected.facts)
        if place not in one.outcome.covered
    ]
    return [
        *facts,
        {"label": "Must be said", "value": single_line(must, _SHOWN), "folds": True},
        {"label": "Missing", "value": single_line(", ".join(missing) or "Nothing", _SHOWN)},
    ]


def _propose(actor: Actor, run: EvalRun) -> dict[str, Any] | None:
    if run.status != RunStatus.PASSED.value or not actor.may(Permission.PROMPT_UPDATE):
        return None
    try:
        demand_evidence(run)
    except Refused:
        return None
    return {
        "label": "Propose this version",
        "href": url_for("prompts.propose", evaluation_id=run.id),
    }


def _actions(actor: Actor, run: EvalRun) -> list[dict[str, Any]]:
    if not RunStatus(run.status).is_open or not actor.may(Permission.EVALUATION_CREATE):
        return []
    href = url_for("evaluations.cancel", evaluation_id=run.id)
    return [{"label": "Call off", "href": href, "csrf_token": generate_csrf()}]


def _crumbs() -> list[dict[str, str]]:
    return [{"label": EVAL_RUNS.title, "href": url_for("evaluations.index")}]
