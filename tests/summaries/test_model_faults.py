"""What goes wrong at the model's end is told in words, and leaves nothing half-written."""

import json
import socket

import pytest
from sqlalchemy import func, select, text

from app.gateway.gateway import GATEWAY
from app.gateway.models import ModelCall
from app.gateway.settings import GatewaySettings
from app.kernel.database import unit_of_work
from app.summaries.drafting import answering
from app.summaries.errors import WrongState
from app.summaries.models import Summary, SummaryClaim
from app.summaries.service.drafts import Failure, fail_draft
from app.summaries.service.job import draft
from tests.fakes.model_server import (
    Reply,
    declined,
    drop,
    error,
    foreign_id,
    hang,
    html,
    ignores_schema,
    nonsense,
    rate_limited,
    right,
    truncated,
    wrong_count,
)

FAULTS = {
    "too_slow": hang(),
    "rate_limited": rate_limited(),
    "unavailable": error(500),
    "not_authorised": error(401),
    "not_accepted": error(400),
    "truncated": truncated(),
    "declined": declined(),
}
NONSENSE = {
    "prose": nonsense(),
    "a web page": html(),
    "JSON of another shape": ignores_schema(),
    "an event that was not shown": foreign_id(),
}


def demand_clean_failure(asked, page, code):
    row = asked.row
    assert (row.status, row.failure_code) == ("failed", code)
    assert asked.claims == []
    assert "There is no draft" in page.words
    assert row.failure_detail in page.words
    assert page.has_button("Try again")
    assert asked.world.log("summary.drafted") == []
    assert [event.outcome for event in asked.world.log("summary.failed")] == ["failure"]


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_has_its_own_words(ask, run_jobs, model, code):
    model(FAULTS[code], deadline_s=1.0)
    asked, _, analyst = ask()

    run_jobs()

    demand_clean_failure(asked, analyst.get(asked.path), code)


@pytest.mark.parametrize("answer", NONSENSE)
def test_nothing_is_used_of_an_answer_that_does_not_fit(ask, run_jobs, model, answer):
    model(NONSENSE[answer])
    asked, _, analyst = ask()

    run_jobs()

    demand_clean_failure(asked, analyst.get(asked.path), "nonsense")


def test_a_model_that_is_away_is_told_as_such(ask, run_jobs, app, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    monkeypatch.setitem(app.extensions, GATEWAY, GatewaySettings(address, "k", "m", 1.0))
    asked, _, analyst = ask()

    run_jobs()

    demand_clean_failure(asked, analyst.get(asked.path), "unreachable")


def test_a_connection_that_breaks_is_tried_again(ask, run_jobs, model):
    server = model(drop(), right())
    asked, _, _ = ask()

    run_jobs()

    assert asked.row.status == "in_review"
    assert len(server.requests) == 2


def test_trying_again_makes_a_new_call_about_the_same_slice(ask, run_jobs, model):
    server = model(nonsense(), right())
    asked, _, analyst = ask()
    run_jobs()
    failed = asked.row

    waiting = analyst.submit(analyst.get(asked.path), "Try again")
    assert "Waiting for a worker" in waiting.words
    run_jobs()

    again = asked.row
    assert again.status == "in_review"
    assert again.failure_code is None
    assert again.call_id != failed.call_id
    assert (again.query, again.window_end) == (failed.query, failed.window_end)
    assert len(server.requests) == 2


def test_only_who_asked_tries_again(ask, run_jobs, model):
    model(nonsense())
    asked, _, _ = ask()
    run_jobs()
    support = asked.world.as_person("support")

    assert not support.get(asked.path).has_button("Try again")
    support.post(f"{asked.path}/retry", {"csrf_token": support.token()}, expect=409)
    assert asked.row.status == "failed"


def test_a_model_without_a_claim_to_make_is_no_draft(ask, run_jobs, model):
    model(right({"claims": [], "refusal": "no_evidence"}))
    asked, _, analyst = ask()

    run_jobs()

    demand_clean_failure(asked, analyst.get(asked.path), "no_evidence")


def test_a_lie_that_fits_the_schema_is_shown_as_one_and_never_signed(ask, run_jobs, model):
    model(wrong_count())
    asked, _, _ = ask()

    run_jobs()

    assert asked.claims[0].verdict == "contradicted"
    page = asked.world.as_person("support").get(asked.path)
    assert "scripted" in page.words
    assert "extractive" not in page.words
    assert "Claim 1 is not supported. Edit or remove it first." in page.words


def test_no_name_address_or_id_of_the_log_leaves_the_house(ask, run_jobs, model):
    server = model(right())
    asked, _, _ = ask('actor:"Tomas Ek" created:24h')

    run_jobs()

    sent = json.dumps(server.requests[0].body)
    events = {event.id for event in asked.world.log()}
    for private in ("Tomas", "u-tomas", "198.51.100.7", "Ana Ruiz", *map(str, events)):
        assert private not in sent
    assert "session.started" in sent


def test_a_repeated_job_ends_once(ask, run_jobs, model):
    server = model(right())
    asked, _, _ = ask()
    run_jobs()
    before = asked.claims

    with asked.world.session():
        draft(asked.world.actor("analyst"), str(asked.id))

    assert len(server.requests) == 1
    assert [claim.sentence for claim in asked.claims] == [claim.sentence for claim in before]
    assert len(asked.world.log("summary.drafted")) == 1


def test_a_job_that_died_before_its_end_goes_on_without_a_second_call(ask, run_jobs, model):
    server = model(right())
    asked, _, _ = ask()
    run_jobs()
    with asked.world.session() as session, unit_of_work():
        for claim in session.scalars(select(SummaryClaim)):
            session.delete(claim)
        session.get(Summary, (asked.world.tenant.id, asked.id)).status = "drafting"

    with asked.world.session():
        draft(asked.world.actor("analyst"), str(asked.id))

    assert asked.row.status == "in_review"
    assert asked.claims
    assert len(server.requests) == 1


def test_a_fault_of_our_own_is_told_too_and_the_job_counts_as_failed(ask, monkeypatch):
    def break_down(_slice, _focus):
        raise RuntimeError("a fault of our own")

    monkeypatch.setattr(answering, "make_digest", break_down)
    asked, _, analyst = ask()

    with asked.world.session(), pytest.raises(RuntimeError, match="of our own"):
        draft(asked.world.actor("analyst"), str(asked.id))

    page = analyst.get(asked.path)
    demand_clean_failure(asked, page, "internal")
    assert "a fault of our own" not in page.words


def test_an_older_call_that_comes_to_its_end_late_changes_nothing(ask, run_jobs, model):
    model(nonsense(), right())
    asked, _, analyst = ask()
    run_jobs()
    older = asked.row.call_id
    analyst.submit(analyst.get(asked.path), "Try again")

    late = Failure("too_slow", "Late.")
    with asked.world.session(), pytest.raises(WrongState, match="asked for anew"):
        fail_draft(asked.world.actor("analyst"), asked.id, late, call_id=older)

    assert asked.row.status == "requested"


def test_a_question_called_off_while_the_model_thinks_stays_called_off(ask, run_jobs, model):
    asked = analyst = None
    cancelled = []

    def cancel_then_answer(request):
        cancelled.append(analyst.post(f"{asked.path}/cancellation", {"csrf_token": token}))
        return right().body(request)

    model(Reply(cancel_then_answer))
    asked, _, analyst = ask()
    token = analyst.token()

    run_jobs()

    assert len(cancelled) == 1
    assert asked.row.status == "cancelled"
    assert asked.claims == []
    with asked.world.session() as session:
        assert session.scalar(select(func.count(ModelCall.id))) == 1


def test_no_transaction_is_open_while_the_model_thinks(ask, run_jobs, model, alder):
    seen = []

    def look_then_answer(request):
        with alder.session() as session:
            others = text(
                "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
            )
            seen.append(list(session.scalars(others)))
        return right().body(request)

    model(Reply(look_then_answer))
    asked, _, _ = ask()

    run_jobs()

    assert asked.row.status == "in_review"
    assert seen == [[]]
