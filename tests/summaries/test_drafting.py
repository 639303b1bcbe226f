"""What happens between the question and the draft: estimate, repair, refusals, and bad input."""

import json

import pytest
from sqlalchemy import select, update

from app.gateway.budgets.models import ModelBudget
from app.gateway.models import ModelCall
from app.identity.models import Membership
from app.identity.roles import Role
from app.kernel import clock
from app.kernel.database import unit_of_work
from app.summaries.drafting import asking
from app.summaries.models import Summary
from app.summaries.service import requests
from tests.factories.audit import AuditEventFactory
from tests.fakes.model_server import Reply, error, html, right, wrong_count
from tests.summaries.conftest import asking_path


def calls_of(world):
    with world.session() as session:
        return list(session.scalars(select(ModelCall).order_by(ModelCall.started_at)))


def test_page_that_asks_says_how_much_and_at_what_cost_before_anything_is_asked(ask, alder):
    analyst = alder.as_person("analyst")
    page = analyst.get(asking_path(alder, "outcome:failure"))

    assert "Events 3" in page.words
    assert "extractive baseline, no language model" in page.words
    assert "Costs nothing" in page.words
    assert calls_of(alder) == []


def test_estimate_of_a_slice_too_large_to_look_into_is_an_upper_bound(ask, alder, monkeypatch):
    monkeypatch.setattr(asking, "_LOOKED_INTO", 1)
    page = alder.as_person("analyst").get(asking_path(alder, "outcome:failure"))

    assert "The question is at most" in page.words


def test_question_is_shown_as_asked_and_leaves_with_tokens_for_names(ask, run_jobs, model):
    server = model(right())
    asked, _, analyst = ask(question="What did Tomas Ek do from 198.51.100.7?")
    run_jobs()

    assert "“What did Tomas Ek do from 198.51.100.7?”" in analyst.get(asked.path).words
    sent = json.loads(server.requests[0].body["messages"][-1]["content"])
    assert "Tomas" not in sent["focus"]
    assert "198.51" not in sent["focus"]


def test_question_cannot_widen_the_slice(ask, run_jobs):
    asked, _, _ = ask("outcome:failure", question="Tell me about document.opened by everybody")
    run_jobs()

    assert asked.row.events_total == 3
    assert all(claim.fields["action"] != "document.opened" for claim in asked.claims)


def test_question_that_is_too_long_is_refused(alder, ask):
    analyst = alder.as_person("analyst")
    answer = {"question": "x" * 301, "csrf_token": analyst.token()}
    page = analyst.post(asking_path(alder, "outcome:failure"), answer, expect=422)

    assert page.errors
    assert alder.log("summary.requested") == []


def test_wrong_claim_goes_back_once_with_its_verdict_and_the_mended_one_stands(
    ask, run_jobs, model
):
    server = model(wrong_count(), right())
    asked, _, _ = ask()
    run_jobs()

    assert len(server.requests) == 2
    sent = json.loads(server.requests[1].body["messages"][-1]["content"])
    assert [(one["verdict"], one["field"]) for one in sent["mistakes"]] == [
        ("contradicted", "count")
    ]
    assert {claim.verdict for claim in asked.claims} == {"supported"}
    first = asked.claims[0]
    assert first.before_repair["verdict"] == "contradicted"
    page = asked.world.as_person("support").get(asked.path)
    assert "1 of its claims went back to the model once; 1 of them hold now." in page.words
    assert "At first the model said" in page.words
    first_call, second_call = calls_of(asked.world)
    assert first_call.verdicts["contradicted"] == 1
    assert second_call.verdicts == {"supported": 1}


def test_claim_that_stays_wrong_stays_in_the_draft_with_its_verdict(ask, run_jobs, model):
    model(wrong_count())
    asked, _, _ = ask()
    run_jobs()

    assert asked.row.status == "in_review"
    assert asked.row.repair == "answered"
    assert asked.claims[0].verdict == "contradicted"
    page = asked.world.as_person("support").get(asked.path)
    assert "Claim 1 is not supported. Edit or remove it first." in page.words
    assert "The model was told so, and said the same again." in page.words
    assert "At first the model said" not in page.words


def test_endpoint_that_breaks_in_the_repair_round_leaves_the_first_answer(ask, run_jobs, model):
    model(wrong_count(), html())
    asked, _, _ = ask()
    run_jobs()

    assert asked.row.status == "in_review"
    assert asked.row.repair == "nonsense"
    assert asked.claims[0].verdict == "contradicted"
    page = asked.world.as_person("support").get(asked.path)
    assert "could not go back to the model: nonsense" in page.words


def test_answer_of_which_nothing_is_supported_is_refused_and_its_claims_stay_in_sight(
    ask, run_jobs, model
):
    def only_lies(request):
        answer = json.loads(wrong_count().body(request))
        message = json.loads(answer["choices"][0]["message"]["content"])
        message["claims"] = message["claims"][:1]
        answer["choices"][0]["message"]["content"] = json.dumps(message)
        return json.dumps(answer)

    model(Reply(only_lies))
    asked, _, analyst = ask()
    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", "unverifiable")
    page = analyst.get(asked.path)
    assert "the log supports none of its claims" in page.words
    assert asked.claims[0].sentence in page.words
    assert "contradicted" in page.words
    assert page.has_button("Try again")
    analyst.submit(page, "Try again")
    model(right())
    run_jobs()
    assert asked.row.status == "in_review"
    assert {claim.verdict for claim in asked.claims} == {"supported"}


@pytest.mark.parametrize("code", ["no_evidence", "out_of_scope"])
def test_refusal_of_the_model_has_a_sentence_and_a_next_step(ask, run_jobs, model, code):
    model(right({"claims": [], "refusal": code}))
    asked, _, analyst = ask()
    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", code)
    page = analyst.get(asked.path)
    assert "There is no draft" in page.words
    assert asked.row.failure_detail in page.words
    event = asked.world.log("summary.failed")[-1]
    assert event.extra["code"] == code


def test_claim_that_says_the_same_again_does_not_count_twice(ask, run_jobs, model):
    def twice(request):
        answer = json.loads(right().body(request))
        message = json.loads(answer["choices"][0]["message"]["content"])
        message["claims"] = [message["claims"][0]] * 2
        answer["choices"][0]["message"]["content"] = json.dumps(message)
        return json.dumps(answer)

    model(Reply(twice), html())
    asked, _, _ = ask()
    run_jobs()

    assert [claim.verdict for claim in asked.claims] == ["supported", "contradicted"]


def test_filter_that_became_invalid_fails_with_words_and_never_widens(ask, run_jobs):
    asked, _, analyst = ask("outcome:failure")
    with asked.changed_in_database() as session:
        session.execute(
            update(Summary).where(Summary.id == asked.id).values(query="mood:bad outcome:failure")
        )
    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", "filter_invalid")
    assert asked.claims == []
    assert "not understood any more" in analyst.get(asked.path).words


def test_draft_whose_filter_became_invalid_can_be_read_but_not_signed(drafted):
    support = drafted.world.as_person("support")
    with drafted.changed_in_database() as session:
        session.execute(update(Summary).where(Summary.id == drafted.id).values(query="mood:bad"))
    page = support.get(drafted.path)

    refused = support.submit(page, "Approve", expect=422)

    assert "not understood any more" in refused.words
    assert drafted.row.status == "in_review"
    assert drafted.world.log("summary.approved") == []


def test_endpoint_that_answers_html_leaves_nothing_half_written(ask, run_jobs, model):
    model(html())
    asked, _, _ = ask()
    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", "nonsense")
    assert asked.claims == []


def test_requester_suspended_while_the_model_thinks_has_no_draft(ask, run_jobs, model):
    asked = None

    def suspend_then_answer(request):
        with asked.changed_in_database() as session:
            session.execute(
                update(Membership)
                .where(Membership.id == asked.world.people[Role.ANALYST].id)
                .values(status="suspended")
            )
        return right().body(request)

    model(Reply(suspend_then_answer))
    asked, _, _ = ask()
    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", "requester_gone")
    assert asked.claims == []


def test_endpoint_that_is_out_of_order_is_told_and_a_new_try_makes_a_new_call(ask, run_jobs, model):
    model(error(500))
    asked, _, _ = ask()
    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", "unavailable")
    assert len(calls_of(asked.world)) == 1


def test_coverage_says_how_much_was_seen_and_how_far_the_log_had_got(drafted):
    page = drafted.world.as_person("support").get(drafted.path)

    assert f"log then {drafted.row.watermark:,} events, {drafted.row.sealed:,} sealed" in page.words


def spend_after(world, calls):
    """Give the tenant a budget for summaries that so many calls use up."""
    estimate = 10_000
    with world.session() as session, unit_of_work():
        session.add(
            ModelBudget(
                tenant_id=world.tenant.id,
                purpose="summary",
                monthly_tokens=estimate * calls,
                monthly_micros=None,
                changed_at=clock.now(),
            )
        )


def test_exhausted_budget_is_told_before_anything_is_sent(ask, run_jobs, model, alder):
    server = model(right())
    spend_after(alder, 0)
    asked, _, analyst = ask()
    run_jobs()

    assert (asked.row.status, asked.row.failure_code) == ("failed", "over_budget")
    assert server.requests == []
    assert "There is no draft" in analyst.get(asked.path).words
    assert alder.log("summary.failed")[-1].extra["code"] == "over_budget"


def test_budget_exhausted_mid_way_leaves_the_first_answer_and_says_so(ask, run_jobs, model, alder):
    server = model(_costly(wrong_count()))
    spend_after(alder, 1)
    asked, _, _ = ask()
    run_jobs()

    assert len(server.requests) == 1
    assert (asked.row.status, asked.row.repair) == ("in_review", "over_budget")
    assert "contradicted" in {claim.verdict for claim in asked.claims}
    page = alder.as_person("support").get(asked.path)
    assert "could not go back to the model: over budget" in page.words


def _costly(reply):
    """The reply, with a bill that uses up what spend_after leaves."""

    def billed(request):
        answer = json.loads(reply.body(request))
        answer["usage"] = {"prompt_tokens": 5_000, "completion_tokens": 4_000}
        return json.dumps(answer)

    return Reply(billed)


@pytest.mark.parametrize(
    ("query", "code"),
    [("actor:nobody", "empty_slice"), ("colour:blue", "invalid_input")],
)
def test_asking_in_vain_is_in_the_log(alder, query, code):
    analyst = alder.as_person("analyst")
    answer = {"question": "", "csrf_token": analyst.token()}
    analyst.post(asking_path(alder, query), answer, expect=422)

    refused = alder.log("summary.step_refused")[-1]
    assert (refused.outcome, refused.extra) == ("denied", {"step": "request", "code": code})
    assert alder.log("summary.requested") == []


def test_refused_signature_is_in_the_log_and_nothing_is_half_approved(drafted):
    support = drafted.world.as_person("support")
    page = support.get(drafted.path)
    owner = drafted.world.as_person("owner")
    owner.submit(owner.get(drafted.path), "Approve")

    told = support.submit(page, "Approve", expect=409)

    assert "has decided already: this summary is approved" in told.words
    refused = drafted.world.log("summary.step_refused")[-1]
    assert refused.extra == {"step": "approve", "code": "wrong_state"}
    assert refused.target_id == str(drafted.id)
    assert len(drafted.world.log("summary.approved")) == 1


def test_requester_who_lost_the_right_sends_nothing_to_a_model(ask, run_jobs, model):
    server = model(right())
    asked, _, _ = ask()
    with asked.changed_in_database() as session:
        session.execute(
            update(Membership)
            .where(Membership.id == asked.world.people[Role.ANALYST].id)
            .values(role="editor")
        )
    run_jobs()

    assert server.requests == []
    assert (asked.row.status, asked.row.failure_code) == ("failed", "not_allowed")


def test_nobody_has_more_waiting_than_a_few(ask, run_jobs, monkeypatch):
    monkeypatch.setattr(requests, "MOST_WAITING", 2)
    ask()
    asked, _, analyst = ask("outcome:failure")
    answer = {"question": "", "csrf_token": analyst.token()}
    again = asking_path(asked.world, "outcome:denied")

    page = analyst.post(again, answer, expect=409)

    assert "2 of your summaries wait for their drafts already" in page.words
    assert asked.world.log("summary.step_refused")[-1].extra["step"] == "request"
    run_jobs()
    analyst.post(again, answer)


@pytest.mark.parametrize("name", ["failed", "who failed", "The Failed Who"])
def test_actor_who_is_called_like_a_word_of_the_question_does_not_take_its_place(
    ask, run_jobs, model, alder, name
):
    """Whoever acts chooses a name, and with it might choose what others are told."""
    server = model(right())
    alder.make(AuditEventFactory, actor_id="u-eve", actor_name=name, outcome="failure")
    asked, _, _ = ask(question="Who failed to sign in?")
    run_jobs()

    assert asked.row.status == "in_review"
    sent = json.loads(server.requests[0].body["messages"][-1]["content"])
    assert sent["focus"] == "Who failed to sign in?"


def test_name_in_a_question_is_not_pushed_out_by_others_that_share_its_words(
    ask, run_jobs, model, alder
):
    for number in range(100):
        alder.make(
            AuditEventFactory,
            actor_id=f"a-{number:02}",
            actor_name=f"Tomas Nobody{number}",
            outcome="failure",
        )
    server = model(right())
    ask(question="What did Tomas Ek do?")
    run_jobs()

    sent = json.loads(server.requests[0].body["messages"][-1]["content"])
    assert "Tomas Ek" not in sent["focus"]
