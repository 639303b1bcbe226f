"""One call against a real server: what is sent, what is retried, and how failures are named."""

import socket

import pytest

from app.gateway.calling import call
from app.gateway.client import ModelClient
from app.gateway.endpoints.config import EXTRACTIVE_ENDPOINT, EndpointConfig, ModelOffer
from app.gateway.errors import FailureCode
from app.summaries.claims.contract import Answer
from tests.fakes import model_server as fake
from tests.gateway.digests import USUAL, chat_request

DEADLINE_S = 20.0
BUILT_IN = ModelClient(EXTRACTIVE_ENDPOINT, EXTRACTIVE_ENDPOINT.models[0].name)


def client_of(address, key=None):
    """The client of an endpoint at an address, with one model."""
    return ModelClient(EndpointConfig("here", address, (ModelOffer("scripted"),), key), "scripted")


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def ask(pauses):
    """Call a server with a script; pauses are noted and not waited for."""

    def run(*script, deadline_s=DEADLINE_S, request=None, path="/v1"):
        with fake.ModelServer(*script) as server:
            base_url = server.base_url.removesuffix("/v1") + path
            client = client_of(base_url, "a-key")
            report = call(
                client, request or chat_request(), deadline_s=deadline_s, pause=pauses.append
            )
        return report, server.requests

    return run


def failure_of(outcome):
    report, requests = outcome
    assert report.data == {}
    return report.failure.code, len(requests)


def test_right_answer_comes_back_checked_and_counted(ask):
    report, requests = ask(fake.right())

    assert report.failure is None
    assert Answer.from_json(report.data).claims[0].actor == "A2"
    assert (report.answer.tokens_in, report.answer.tokens_out) == (700, 90)
    assert report.answer.model == fake.MODEL
    assert [a.error for a in report.attempts] == [None]
    assert report.attempts[0].request_id == "request-1"
    assert len(requests) == 1


def test_endpoint_gets_prompt_digest_schema_and_key(ask):
    request = chat_request()

    _, [sent] = ask(fake.right(), request=request)

    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == "Bearer a-key"
    assert sent.headers["idempotency-key"] == str(request.call_id)
    assert sent.body["model"] == "scripted"
    assert [m["role"] for m in sent.body["messages"]] == ["system", "user"]
    assert sent.body["temperature"] == 0
    assert sent.body["response_format"]["json_schema"] == {
        "name": "audit-summary-claims",
        "strict": True,
        "schema": request.schema,
    }


def test_key_of_another_vendor_is_not_taken_from_the_environment(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "somebody-elses")
    with fake.ModelServer(fake.right()) as server:
        client = client_of(server.base_url)
        client.ask(chat_request(), DEADLINE_S)

    assert "somebody-elses" not in str(server.requests[0].headers)


def test_wrong_count_fits_the_schema_and_is_left_to_verification(ask):
    report, _ = ask(fake.wrong_count())

    assert Answer.from_json(report.data).claims[0].count == 4


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (fake.foreign_id(), FailureCode.NONSENSE),
        (fake.ignores_schema(), FailureCode.NONSENSE),
        (fake.nonsense(), FailureCode.NONSENSE),
        (fake.html(), FailureCode.NONSENSE),
        (fake.truncated(), FailureCode.TRUNCATED),
        (fake.declined(), FailureCode.DECLINED),
        (fake.error(401), FailureCode.NOT_AUTHORISED),
        (fake.error(403), FailureCode.NOT_AUTHORISED),
        (fake.error(404), FailureCode.NOT_ACCEPTED),
        (fake.error(400), FailureCode.NOT_ACCEPTED),
    ],
)
def test_what_would_fail_again_is_not_tried_again(ask, reply, code):
    assert failure_of(ask(reply)) == (code, 1)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (fake.error(500), FailureCode.UNAVAILABLE),
        (fake.html(502), FailureCode.UNAVAILABLE),
        (fake.rate_limited(), FailureCode.RATE_LIMITED),
        (fake.error(408), FailureCode.TOO_SLOW),
        (fake.drop(), FailureCode.UNREACHABLE),
    ],
)
def test_what_may_pass_is_tried_three_times(ask, pauses, reply, code):
    assert failure_of(ask(reply)) == (code, 3)
    assert len(pauses) == 2


def test_call_succeeds_when_the_fault_passes(ask):
    report, _ = ask(fake.error(503), fake.drop(), fake.right())

    assert report.failure is None
    assert [a.error for a in report.attempts] == ["unavailable", "unreachable", None]


def test_refused_connection_is_unreachable(pauses):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        client = client_of(address)
        report = call(client, chat_request(), deadline_s=DEADLINE_S, pause=pauses.append)

    assert report.failure.code is FailureCode.UNREACHABLE
    assert len(report.attempts) == 3


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/v1", "http://127.0.0.1:port/v1", "127.0.0.1"])
def test_address_that_is_none_is_a_failure_and_no_crash(pauses, address):
    client = client_of(address)

    report = call(client, chat_request(), deadline_s=DEADLINE_S, pause=pauses.append)

    assert report.failure.code is FailureCode.UNREACHABLE
    assert len(report.attempts) == 1


def test_server_that_says_nothing_is_too_slow_and_not_asked_again(ask):
    assert failure_of(ask(fake.hang(), deadline_s=0.3)) == (FailureCode.TOO_SLOW, 1)


def test_late_answer_is_too_slow(ask):
    assert failure_of(ask(fake.slow(15), deadline_s=0.3)) == (FailureCode.TOO_SLOW, 1)


def test_answer_that_drips_cannot_outlast_the_deadline(ask):
    assert failure_of(ask(fake.dripping(), deadline_s=0.5)) == (FailureCode.TOO_SLOW, 1)


def test_retry_after_is_waited_for_exactly(ask, pauses):
    report, _ = ask(fake.rate_limited("7"), fake.right())

    assert report.failure is None
    assert pauses == [7.0]
    assert report.attempts[0].retry_after_s == 7.0


def test_retry_after_beyond_the_deadline_ends_the_call(ask, pauses):
    assert failure_of(ask(fake.rate_limited("3600"))) == (FailureCode.RATE_LIMITED, 1)
    assert pauses == []


def test_parameter_the_endpoint_does_not_know_is_renamed_or_left_out(ask):
    report, requests = ask(
        fake.error(400, parameter="max_tokens"),
        fake.error(400, parameter="temperature"),
        fake.right(),
    )

    assert report.failure is None
    assert requests[-1].body["max_completion_tokens"] == requests[0].body["max_tokens"]
    assert "temperature" not in requests[-1].body
    assert report.request.parameters == {"max_completion_tokens": 4000}


def test_endpoint_that_knows_neither_name_is_not_asked_for_ever(ask):
    outcome = ask(
        fake.error(400, parameter="max_tokens"),
        fake.error(400, parameter="max_completion_tokens"),
    )

    assert failure_of(outcome) == (FailureCode.NOT_ACCEPTED, 2)


def test_redirect_is_not_followed(ask):
    with fake.ModelServer(fake.right()) as elsewhere:
        outcome = ask(fake.redirect(f"{elsewhere.base_url}/chat/completions"))

    assert failure_of(outcome) == (FailureCode.NOT_ACCEPTED, 1)
    assert elsewhere.requests == []


def test_endpoint_that_quotes_our_key_does_not_get_it_into_the_ledger(ask):
    message = "Incorrect API key provided: sk-proj-abcdefghijklmnop1234567890"

    report, _ = ask(fake.error(401, message))

    assert "abcdefgh" not in report.failure.note
    assert "Incorrect API key" in report.failure.note


def test_built_in_provider_answers_without_a_network():
    report = call(BUILT_IN, chat_request(), deadline_s=DEADLINE_S)

    answer = Answer.from_json(report.data)
    assert [claim.event_ids for claim in answer.claims] == [
        USUAL.groups[1].event_ids,
        USUAL.groups[0].event_ids,
        (),
    ]
    assert (report.answer.tokens_in, report.answer.tokens_out) == (0, 0)


def test_built_in_provider_refuses_what_it_has_no_rules_for():
    request = chat_request(schema_name="support-reply")

    report = call(BUILT_IN, request, deadline_s=DEADLINE_S)

    assert report.failure.code is FailureCode.NOT_ACCEPTED
