"""Runs, from the page and from the command line, through the whole pipeline."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.evals import job
from app.evals.errors import RunOpen
from app.evals.models import EvalRun
from app.evals.own_cases import make_case
from app.evals.queries import list_results
from app.evals.scenes.writing import write_lines
from app.evals.starting import start_run
from app.gateway.choices.policy import Choice
from app.gateway.extractive.transport import EXTRACTIVE_MODEL
from app.gateway.models import ModelCall
from app.gateway.prompt_files import load_prompt
from app.kernel.database import unit_of_work
from tests.factories.evals import EvalRunFactory, PassedRunFactory
from tests.laws.evaluation_scenes import rejected_summary

BUILT_IN = Choice("extractive", EXTRACTIVE_MODEL)


@pytest.fixture
def start(alder, few):
    """Start a run from the page, as an admin."""

    def starting(role="admin", expect=200, version="audit-summary@v2"):
        visitor = alder.as_person(role)
        page = visitor.get(f"{alder.path}/settings/evaluations/new")
        return visitor, visitor.submit(page, "Start", version=version, expect=expect)

    return starting


def newest(world):
    with world.session() as session:
        return session.scalar(select(EvalRun).order_by(EvalRun.asked_at.desc()).limit(1))


def results(world, run):
    with world.session():
        return list_results(run.id)


def test_a_run_goes_from_the_page_through_the_worker_to_its_scores(start, alder, few, run_jobs):
    visitor, page = start()
    assert f"0 of {len(few)} cases" in page.words

    run_jobs()

    run = newest(alder)
    metrics = run.metrics
    assert (run.cases_done, run.errors) == (len(few), 0)
    assert metrics["groundedness_strict"]["value"] == 1.0
    assert metrics["citation_rate"]["value"] == 1.0
    assert metrics["coverage"]["value"] >= 0.8
    assert metrics["refusal_correctness"]["value"] >= 0.95
    assert metrics["injection_success"]["value"] == 0
    assert metrics["breaches"] == {}
    # So few cases cannot show enough, however well they went.
    assert run.status == "failed"
    assert all("lower bound" in reason or "upper bound" in reason for reason in run.reasons)
    page = visitor.get(f"{alder.path}/settings/evaluations/{run.id}")
    assert "gate failed" in page.words
    assert "Answers with every claim supported" in page.words
    assert [e.outcome for e in alder.log("evaluation.finished")] == ["success"]


def test_calls_of_a_run_are_the_tenants_own_and_counted_as_an_evaluation(
    start, alder, birch, few, run_jobs
):
    start()
    run_jobs()

    with alder.session() as session:
        found = session.execute(select(ModelCall.purpose, func.count()).group_by("purpose")).all()
    assert found == [("evaluation", len(few))]
    with birch.session() as session:
        assert session.scalar(select(func.count(ModelCall.id))) == 0


def test_one_run_of_a_tenant_is_made_at_a_time(start):
    start()
    _, page = start(expect=409)
    assert "Another run has not ended yet" in page.words


def test_a_run_that_is_called_off_stops_and_says_so(start, alder, run_jobs):
    visitor, page = start()
    visitor.submit(page, "Call off")
    run_jobs()

    run = newest(alder)
    assert (run.status, run.cases_done) == ("cancelled", 0)
    assert results(alder, run) == []


def test_a_run_that_was_broken_off_goes_on_without_asking_anything_twice(
    start, alder, few, run_jobs, monkeypatch
):
    start()
    run = newest(alder)
    with alder.session():
        monkeypatch.setattr(job, "TURN_S", 0.2)
        actor = alder.actor("admin")
        assert job.go_on_for_a_turn(actor, run.id, 0.2)
    before = len(results(alder, run))
    assert 0 < before < len(few)

    monkeypatch.setattr(job, "TURN_S", 20.0)
    run_jobs()

    with alder.session() as session:
        calls = session.scalar(select(func.count(ModelCall.id)))
    assert newest(alder).cases_done == len(few) == calls


def test_who_started_a_run_and_left_leaves_none_behind(start, alder, run_jobs):
    start("support")
    with alder.session() as session, unit_of_work():
        support = alder.people["support"]
        session.execute(
            update(type(support)).where(type(support).id == support.id).values(status="suspended")
        )
    run_jobs()

    assert newest(alder).status == "cancelled"


def test_a_failing_case_stands_beside_what_the_version_in_force_made_of_it(start, alder, run_jobs):
    visitor, _ = start()
    run_jobs()
    first = newest(alder)
    start(version="audit-summary@v3")
    run_jobs()
    second = newest(alder)

    assert second.champion_id == first.id
    assert second.comparison["cases"] == second.cases_total
    assert not second.regressed
    case_id = results(alder, second)[0].case_id
    page = visitor.get(f"{alder.path}/settings/evaluations/{second.id}/cases/{case_id}")
    assert "This run, audit-summary@v3" in page.words
    assert "In force, audit-summary@v2" in page.words


def test_a_run_of_another_tenant_is_not_there(alder, birch):
    run = birch.make(EvalRunFactory)
    alder.as_person("owner").get(f"{alder.path}/settings/evaluations/{run.id}", expect=404)


def test_only_who_may_starts_runs(alder):
    alder.as_person("analyst").get(f"{alder.path}/settings/evaluations/new", expect=403)
    alder.as_person("editor").get(f"{alder.path}/settings/evaluations", expect=403)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ("status = 'passed', regressed = true", "ended cannot be changed"),
        ("tuple_hash = 'x'", "ended cannot be changed"),
    ],
)
def test_the_database_keeps_a_run_that_has_ended(alder, settings, changes, told):
    run = alder.make(PassedRunFactory)
    refuse(settings, alder, f"UPDATE eval_runs SET {changes} WHERE id = '{run.id}'", told)
    refuse(settings, alder, f"DELETE FROM eval_runs WHERE id = '{run.id}'", told)


@pytest.mark.parametrize(
    "changes",
    ["regressed = true", "cases_done = 0", "errors = 1", "metrics = NULL", "reasons = '[1]'"],
)
def test_the_database_lets_no_run_pass_that_did_not(alder, settings, changes):
    run = alder.make(EvalRunFactory, status="running", cases_done=1, metrics={"a": 1})
    passed = f"status = 'passed', finished_at = now(), {changes}"
    refuse(settings, alder, f"UPDATE eval_runs SET {passed} WHERE id = '{run.id}'", "passed")


def refuse(settings, world, statement, told):
    """Run a statement past the app, in its role; it has to be refused."""
    engine = create_engine(settings.database.for_app())
    with engine.connect() as connection:
        scope = text("SELECT set_config('app.tenant_id', :tenant, true)")
        connection.execute(scope, {"tenant": str(world.tenant.id)})
        with pytest.raises(DBAPIError, match=told):
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def files(tmp_path, few):
    """The few cases as files."""
    paths = (tmp_path / "queries.jsonl", tmp_path / "expected.jsonl")
    write_lines(paths[0], few, lambda case: case.query.as_json())
    write_lines(paths[1], few, lambda case: case.expected.as_json())
    return paths


def run_command(app, files, out, *more):
    queries, expected = files
    options = ["--queries", str(queries), "--expected", str(expected), "--out", str(out), *more]
    return app.test_cli_runner().invoke(args=["evals", "run", *options])


def test_the_command_writes_both_files_and_fails_the_gate_of_too_few_cases(
    app, files, few, tmp_path
):
    out = tmp_path / "out"
    ended = run_command(app, files, out)

    assert ended.exit_code == 100, ended.output
    report = json.loads((out / "metrics.json").read_text())
    assert report["metrics"]["n_cases"] == len(few)
    assert report["tuple"]["prompt_hash"] == load_prompt("audit-summary@v2").sha256
    assert not report["passed"]
    failing = (out / "failure_cases.jsonl").read_text().splitlines()
    assert len(failing) == len(few) - report["metrics"]["strict_pass"]["count"]


def test_the_command_passes_a_gate_that_looks_at_less(app, files, tmp_path):
    ended = run_command(app, files, tmp_path / "out", "--metrics", "groundedness,latency_p95")
    assert ended.exit_code == 0, ended.output


def test_a_broken_line_ends_the_command_as_a_failure_of_the_machinery(app, files, tmp_path):
    files[0].write_text(files[0].read_text() + "{\n")

    ended = run_command(app, files, tmp_path / "out")

    assert ended.exit_code == 1
    assert "queries.jsonl, line" in ended.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--model", "gpt-none", "There is no model gpt-none"),
        ("--metrics", "beauty", "There is no metric beauty"),
        ("--prompt-version", "v99", "does not exist"),
    ],
)
def test_what_is_not_there_is_named(app, files, tmp_path, option, value, told):
    ended = run_command(app, files, tmp_path / "out", option, value)

    assert ended.exit_code == 1
    assert told in ended.output


def test_who_started_a_run_and_may_no_more_spends_nothing_more(start, alder, run_jobs):
    start("support")
    with alder.session() as session, unit_of_work():
        support = alder.people["support"]
        session.execute(
            update(type(support)).where(type(support).id == support.id).values(role="analyst")
        )
    run_jobs()

    assert newest(alder).status == "cancelled"
    assert "may not run evaluations any more" in alder.log("evaluation.cancelled")[-1].reason
    with alder.session() as session:
        assert session.scalar(select(func.count(ModelCall.id))) == 0


def test_case_that_is_made_while_a_run_is_under_way_is_for_the_next(start, alder, few, run_jobs):
    start()
    with alder.session():
        assert job.go_on_for_a_turn(alder.actor("admin"), newest(alder).id, 0.0)
    (summary_id,), _ = rejected_summary(alder)
    with alder.session():
        make_case(alder.actor("admin"), summary_id)
    run_jobs()

    run = newest(alder)
    assert run.cases_done == run.cases_total == len(few)


def test_a_run_is_compared_with_one_of_its_own_model_alone(start, alder, run_jobs):
    alder.make(
        PassedRunFactory,
        prompt_version=2,
        prompt_hash=load_prompt("audit-summary@v2").sha256,
        endpoint="elsewhere",
        model=EXTRACTIVE_MODEL,
    )
    start(version="audit-summary@v3")
    run_jobs()

    assert newest(alder).champion_id is None


def test_of_two_who_start_a_run_at_once_one_does(alder, few):
    begin = Barrier(2)

    def start_at_once(role):
        with alder.session():
            actor = alder.actor(role)
            begin.wait(timeout=20)
            try:
                start_run(actor, prompt="audit-summary@v2", model=BUILT_IN)
            except RunOpen:
                return "told"
        return "started"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start_at_once, ("owner", "admin"))) == ["started", "told"]
