"""Who is asked when the first choice cannot be, and that the answer says so."""

import logging

import pytest
from sqlalchemy import update

from app.gateway.choices.models import ModelChoice
from app.gateway.choices.policy import Choice, ModelPolicy
from app.gateway.choices.service import update_policy
from app.gateway.endpoints.config import EndpointConfig, ModelOffer
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.gateway import GATEWAY, get_provider
from app.gateway.settings import GatewaySettings
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from app.kernel.problems import InvalidInput
from tests.fakes import model_server as fake
from tests.gateway.conftest import BUILT_IN, KEY

FIRST, SECOND = Choice("first", "scripted"), Choice("second", "scripted")


def test_tenant_that_chose_nothing_gets_the_installations_first(caller, endpoints):
    with fake.ModelServer(fake.right()) as first, fake.ModelServer(fake.right()) as second:
        endpoints(first=first, second=second)
        completion = caller.complete()

    assert (len(first.requests), len(second.requests)) == (1, 0)
    assert completion.in_place_of is None


def test_choice_of_one_tenant_is_not_that_of_another(caller, caller_elsewhere, endpoints):
    with fake.ModelServer(fake.right()) as first, fake.ModelServer(fake.right()) as second:
        endpoints(first=first, second=second)
        caller.choose(SECOND)
        caller.complete()
        caller_elsewhere.complete()

    assert (len(first.requests), len(second.requests)) == (1, 1)


@pytest.mark.parametrize(
    "fault", [fake.error(401), fake.nonsense(), fake.truncated(), fake.html(), fake.error(404)]
)
def test_fallback_answers_and_its_answer_says_in_whose_place(caller, endpoints, fault):
    call_id = uuid7()
    with fake.ModelServer(fault) as first, fake.ModelServer(fake.right()) as second:
        endpoints(first=first, second=second)
        caller.choose(FIRST, SECOND)
        with caller.session():
            label = get_provider().label
        completion = caller.complete(call_id)

    assert completion.in_place_of == label
    assert completion.provider_label.endswith(f", in place of {label}")
    call = caller.row(call_id)
    assert (call.status, call.endpoint_name, call.in_place_of) == ("succeeded", "second", label)
    assert [one["endpoint"] for one in call.attempts] == ["first", "second"]
    assert [one["error"] is None for one in call.attempts] == [False, True]


def test_built_in_provider_may_be_the_last(caller, endpoints):
    with fake.ModelServer(fake.error(401)) as first:
        endpoints(first=first)
        caller.choose(FIRST, BUILT_IN)
        completion = caller.complete()

    assert completion.is_extractive
    assert completion.provider_label.startswith("extractive baseline, no language model, in place")


def test_without_a_fallback_the_failure_is_that_of_the_choice(caller, endpoints):
    with fake.ModelServer(fake.error(401)) as first:
        endpoints(first=first)
        caller.choose(FIRST)
        with pytest.raises(ModelCallFailed) as caught:
            caller.complete()

    assert caught.value.failure_code is FailureCode.NOT_AUTHORISED


def test_model_that_declines_is_not_worked_round(caller, endpoints):
    with fake.ModelServer(fake.declined()) as first, fake.ModelServer(fake.right()) as second:
        endpoints(first=first, second=second)
        caller.choose(FIRST, SECOND)
        with pytest.raises(ModelCallFailed) as caught:
            caller.complete()

    assert caught.value.failure_code is FailureCode.DECLINED
    assert second.requests == []


def test_model_that_hangs_leaves_time_for_its_fallback(caller, endpoints):
    with fake.ModelServer(fake.hang()) as first, fake.ModelServer(fake.right()) as second:
        endpoints(first=first, second=second, deadline_s=6)
        caller.choose(FIRST, SECOND)
        completion = caller.complete()

    assert completion.in_place_of is not None
    assert len(second.requests) == 1


def test_choice_that_the_operator_took_away_fails_or_falls_back(
    caller, endpoints, app, monkeypatch
):
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        caller.choose(FIRST)
    monkeypatch.setitem(app.extensions, GATEWAY, GatewaySettings())
    with pytest.raises(ModelCallFailed) as caught:
        caller.complete()
    assert caught.value.failure_code is FailureCode.NOT_CONFIGURED

    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        caller.choose(FIRST, BUILT_IN)
    monkeypatch.setitem(app.extensions, GATEWAY, GatewaySettings())
    assert caller.complete().is_extractive


@pytest.mark.parametrize(
    "forged",
    [Choice("nobody", "scripted"), Choice("first", "gpt-99"), Choice("http://evil.example", "x")],
)
def test_forged_names_are_refused(caller, endpoints, forged):
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        with pytest.raises(InvalidInput, match="not offered"):
            caller.run(update_policy, ModelPolicy(forged))
        with pytest.raises(InvalidInput, match="not offered"):
            caller.run(update_policy, ModelPolicy(FIRST, (forged,)))


def test_model_stands_once_on_the_way(caller, endpoints):
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        with pytest.raises(InvalidInput, match="twice"):
            caller.run(update_policy, ModelPolicy(FIRST, (FIRST,)))


def test_call_that_measures_a_model_asks_it_and_no_other(caller, endpoints):
    with fake.ModelServer(fake.right()) as first, fake.ModelServer(fake.error(401)) as second:
        endpoints(first=first, second=second)
        caller.choose(FIRST, BUILT_IN)
        with pytest.raises(ModelCallFailed):
            caller.complete(only=SECOND)

    assert (len(first.requests), len(second.requests)) == (0, 1)


def test_key_reaches_the_endpoint_and_nothing_else(caller, endpoints):
    call_id = uuid7()
    refusal = fake.error(401, f"Incorrect API key provided: {KEY}")
    with fake.ModelServer(refusal) as first:
        settings = endpoints(first=first)
        with pytest.raises(ModelCallFailed) as caught:
            caller.complete(call_id)

    assert first.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(settings)
    assert KEY not in str(caught.value)
    call = caller.row(call_id)
    assert KEY not in str(vars(call))
    assert "[secret]" in call.attempts[0]["note"]


def test_key_is_in_no_log_however_much_is_logged(caller, endpoints, caplog):
    caplog.set_level(logging.DEBUG)
    with fake.ModelServer(fake.error(500), fake.right()) as first:
        endpoints(first=first)
        caller.complete()

    assert len(first.requests) == 2
    assert KEY not in caplog.text


def test_key_that_a_model_repeats_is_masked_in_its_words(caller, endpoints, app):
    call_id = uuid7()
    with fake.ModelServer(fake.Reply(f"Your key is {KEY}.")) as first:
        endpoints(first=first)
        with pytest.raises(ModelCallFailed):
            caller.complete(call_id)

    assert caller.words(call_id).answer == "Your key is [secret]."


def test_prompt_named_without_a_version_is_resolved_once(caller, endpoints):
    call_id = uuid7()
    with fake.ModelServer(fake.right()) as first:
        endpoints(first=first)
        completion = caller.complete(call_id, prompt="audit-summary")
        again = caller.complete(call_id, prompt="audit-summary")

    assert completion.prompt.startswith("audit-summary@v")
    assert again == completion
    assert caller.row(call_id).prompt_label == "release"


def test_choice_of_older_built_in_rules_means_those_of_today(caller, endpoints, app):
    with fake.ModelServer(fake.error(401)) as first:
        endpoints(first=first)
        caller.choose(FIRST, BUILT_IN)
        with caller.session() as session, unit_of_work():
            old = [{"endpoint": "extractive", "model": "extractive@0"}]
            session.execute(update(ModelChoice).values(fallbacks=old))
        assert caller.complete().is_extractive


def test_endpoint_gets_the_token_limit_under_the_name_that_it_takes(caller, app, monkeypatch):
    with fake.ModelServer(fake.right()) as server:
        named = EndpointConfig(
            "house",
            server.base_url,
            (ModelOffer("scripted"),),
            token_limit="max_completion_tokens",
        )
        monkeypatch.setitem(app.extensions, GATEWAY, GatewaySettings(named=(named,)))
        caller.complete()

    sent = server.requests[0].body
    assert sent["max_completion_tokens"] == 4_000
    assert "max_tokens" not in sent


def test_ledger_names_the_events_that_a_call_was_about(caller):
    call_id = uuid7()
    caller.complete(call_id, event_set_hash="e" * 64)

    assert caller.row(call_id).event_set_hash == "e" * 64
