"""`flask evals`: running the evaluation from the command line, and writing its cases anew."""

import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask.cli import AppGroup

from app.evals.case import Case, World
from app.evals.case_files import EXPECTED, QUERIES, CaseFileBroken, hash_cases, read_cases
from app.evals.gates import GATED, Verdict, decide
from app.evals.metrics import Judged, judged, measure
from app.evals.report import report_of, write_report
from app.evals.run_tuple import NO_RETRIEVER, NO_SNAPSHOT, tuple_of
from app.evals.running import Setup, run_case
from app.evals.scenes.writing import write_cases
from app.evals.worlds import open_worlds
from app.gateway.choices.policy import Choice, first_choice, list_choices
from app.gateway.gateway import gateway_settings
from app.gateway.prompt_files import Prompt, load_prompt
from app.gateway.releases import current_version
from app.kernel import clock
from app.kernel.actor import system_actor
from app.kernel.database import Scope
from app.kernel.ids import uuid7
from app.kernel.problems import Problem
from app.kernel.routing import database
from app.summaries.claims.contract import PROMPT
from app.summaries.claims.verifier import VERIFIER_VERSION

PASSED, GATE_FAILED, BROKEN = 0, 100, 1
PROMPT_NAME = PROMPT.partition("@")[0]
_EVERY = 100

evals_cli = AppGroup("evals", help="The evaluation of prompts and models.")


@evals_cli.command("write-cases")
def write() -> None:
    """Write queries.jsonl and expected.jsonl anew from the scenes."""
    click.echo(f"{write_cases()} cases.", err=True)


@evals_cli.command("run")
@click.option("--model", "model_name", help="A model, or ENDPOINT:MODEL; else the first one.")
@click.option("--prompt-version", help="As in v2 or audit-summary@v2; else the one in force.")
@click.option("--metrics", default=",".join(GATED), help="Which metrics the gate looks at.")
@click.option("--queries", type=click.Path(path_type=Path), default=QUERIES)
@click.option("--expected", type=click.Path(path_type=Path), default=EXPECTED)
@click.option("--retriever", type=click.Choice([NO_RETRIEVER]), default=NO_RETRIEVER)
@click.option("--corpus-snapshot", type=click.Choice([NO_SNAPSHOT]), default=NO_SNAPSHOT)
@click.option("--out", type=click.Path(path_type=Path), help="Folder; else one in var/evals.")
def run(
    model_name: str | None,
    prompt_version: str | None,
    metrics: str,
    queries: Path,
    expected: Path,
    out: Path | None,
    **_seams: str,
) -> None:
    """Run every case and write metrics.json and failure_cases.jsonl.

    Ends with 0 when the gate was passed, with 100 when it was not, and with 1 when the machinery
    failed: a broken file, an unknown model, or more than one case in a hundred without an outcome.
    """
    try:
        gated = _gated(metrics)
        cases = read_cases(queries, expected)
        passed = _run(cases, model_name, prompt_version, gated, out or _folder())
    except (CaseFileBroken, Problem) as problem:
        raise click.ClickException(str(getattr(problem, "detail", problem))) from problem
    sys.exit(_exit_code(passed))


def _run(
    cases: tuple[Case, ...],
    model_name: str | None,
    prompt_version: str | None,
    gated: tuple[str, ...],
    out: Path,
) -> Verdict:
    worlds = open_worlds()
    with database().session(Scope(tenant_id=worlds[World.MAIN])):
        prompt = _prompt(prompt_version, worlds[World.MAIN])
        model = _model(model_name)
        actor = system_actor(worlds[World.MAIN], "flask evals run")
        begun = time.monotonic()
        done = _outcomes(cases, Setup(actor, uuid7(), prompt.reference, model, worlds))
    seconds = time.monotonic() - begun
    verdict = decide(measure(done), done, gated=gated)
    what = tuple_of(prompt, model, hash_cases(cases), VERIFIER_VERSION)
    report = report_of(what, done, verdict, seconds)
    write_report(out, report, done)
    _tell(report, verdict, out)
    return verdict


def _outcomes(cases: tuple[Case, ...], setup: Setup) -> tuple[Judged, ...]:
    outcomes = {}
    for number, case in enumerate(cases, start=1):
        outcomes[case.id] = run_case(setup, case)
        if number % _EVERY == 0:
            click.echo(f"{number} of {len(cases)} cases", err=True)
    return judged(cases, outcomes)


def _tell(report: dict[str, Any], verdict: Verdict, out: Path) -> None:
    for name, value in report["metrics"].items():
        shown = value
        if isinstance(value, dict) and "low" in value:
            shown = f"{value['value']} ({value['low']} to {value['high']})"
        click.echo(f"{name:>22}  {shown}")
    for reason in verdict.reasons:
        click.echo(f"  {reason}")
    word = "passed" if verdict.passed else "gate failed" if verdict.is_sound else "broken"
    click.echo(f"{word} in {report['seconds']} s; {out}")


def _exit_code(verdict: Verdict) -> int:
    if not verdict.is_sound:
        return BROKEN
    return PASSED if verdict.passed else GATE_FAILED


def _gated(text: str) -> tuple[str, ...]:
    wanted = tuple(name.strip() for name in text.split(",") if name.strip())
    known = {*GATED, "groundedness", "citation_precision", "citation_recall"}
    unknown = sorted(set(wanted) - known)
    if unknown:
        raise click.ClickException(
            f"There is no metric {', '.join(unknown)}. Choose from {', '.join(sorted(known))}."
        )
    return wanted


def _prompt(version: str | None, tenant_id: UUID) -> Prompt:
    if version is None:
        return load_prompt(current_version(tenant_id, PROMPT_NAME))
    reference = version if "@" in version else f"{PROMPT_NAME}@{version}"
    return load_prompt(reference)


def _model(name: str | None) -> Choice:
    settings = gateway_settings()
    if name is None:
        return first_choice(settings)
    for choice in list_choices(settings):
        if name in (choice.model, f"{choice.endpoint}:{choice.model}", choice.endpoint):
            return choice
    known = ", ".join(f"{one.endpoint}:{one.model}" for one in list_choices(settings))
    raise click.ClickException(f"There is no model {name}. There are {known}.")


def _folder() -> Path:
    return Path("var/evals") / f"{clock.now():%Y%m%d-%H%M%S}"
