"""Calls through the gateway, with the ledger in a real database."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text, update

from app.gateway import ledger
from app.gateway.calling import CallReport
from app.gateway.chat import AttemptFailedError
from app.gateway.choices.policy import way_of
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.gateway import gateway_settings, get_provider
from app.gateway.models import ModelAnswer, ModelCall
from app.gateway.opening import Opening
from app.gateway.prompt_files import get_prompt
from app.gateway.releases import resolve_prompt
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from app.summaries.claims.contract import PROMPT, Answer, answer_schema
from tests.fakes import model_server as fake
from tests.gateway.digests import USUAL, chat_request, content, group

RELEASED = f"{PROMPT}@v2"


def rows(caller, call_id):
    """The call and the raw texts of it, as the database has them."""
    with caller.session() as session:
        call = session.scalars(select(ModelCall).where(ModelCall.id == call_id)).one_or_none()
        raw = session.scalars(select(ModelAnswer).where(ModelAnswer.call_id == call_id))
        return call, raw.one_or_none()


def failing_code(caller, call_id=None, **parts):
    with pytest.raises(ModelCallFailed) as caught:
        caller.complete(call_id, **parts)
    return caught.value.failure_code


def open_and_abandon(caller, call_id):
    """Begin a call as a process that dies in the middle of it; return its claim."""
    with caller.session():
        return ledger.open_call(opening_of(caller, call_id))


def opening_of(caller, call_id):
    """The call that `caller.complete` makes, before it is made; needs an open session."""
    return Opening(
        actor=caller.actor,
        purpose="summary",
        resolved=resolve_prompt(caller.tenant_id, PROMPT),
        call_id=call_id,
        content=USUAL.as_json(),
        schema=answer_schema(USUAL),
        legs=way_of(gateway_settings()),
    )


def move_back(caller, call_id, seconds):
    """Let a call have been claimed some time ago."""
    with caller.session(), unit_of_work() as session:
        session.execute(
            update(ModelCall)
            .where(ModelCall.id == call_id)
            .values(claimed_at=ModelCall.claimed_at - dt.timedelta(seconds=seconds))
        )


def test_built_in_provider_drafts_and_says_what_it_is(caller):
    completion = caller.complete()

    assert Answer.from_json(completion.data).claims
    assert completion.provider_label == "extractive baseline, no language model"
    assert completion.is_extractive
    assert completion.model == "extractive@2"
    assert completion.prompt == RELEASED
    assert completion.prompt_hash == get_prompt(RELEASED).sha256
    assert (completion.tokens_in, completion.tokens_out) == (0, 0)


def test_model_is_named_with_where_it_is(caller, use):
    with use(fake.ModelServer(fake.right())) as server:
        completion = caller.complete()
        with caller.session():
            provider = get_provider()

    host = server.base_url.removeprefix("http://").removesuffix("/v1")
    assert completion.provider_label == provider.label == f"scripted at {host}"
    assert not completion.is_extractive
    assert completion.model == fake.MODEL


def test_ledger_tells_what_was_asked_and_what_came_back(caller, use):
    call_id = uuid7()
    with use(fake.ModelServer(fake.error(503), fake.right())) as server:
        completion = caller.complete(call_id)

    call, raw = rows(caller, call_id)
    assert (call.status, call.failure_code) == ("succeeded", None)
    assert (call.purpose, call.caller_type, call.caller_id) == ("summary", "system", "drafter")
    assert (call.prompt, call.prompt_hash) == (RELEASED, completion.prompt_hash)
    assert (call.provider, call.endpoint) == ("openai-compatible", server.base_url)
    assert (call.model_asked, call.model_served) == ("scripted", fake.MODEL)
    assert call.parameters == {"temperature": 0, "max_tokens": 4000}
    assert [attempt["error"] for attempt in call.attempts] == ["unavailable", None]
    assert (call.tokens_in, call.tokens_out, call.finish_reason) == (700, 90, "stop")
    assert call.output_hash == ledger.hash_json(completion.data)
    assert call.started_at <= call.finished_at
    assert raw.messages == server.requests[0].body["messages"]
    assert '"claims"' in raw.answer


def test_key_of_the_endpoint_is_nowhere_in_the_ledger(caller, use):
    call_id = uuid7()
    with use(fake.ModelServer(fake.right())):
        caller.complete(call_id)

    with caller.session() as session:
        [call] = session.scalars(text("SELECT t::text FROM model_calls t"))
        [raw] = session.scalars(text("SELECT t::text FROM model_answers t"))
    assert "a-key" not in call + raw


def test_call_is_in_the_ledger_before_anything_is_sent(caller, use):
    call_id = uuid7()
    seen = []

    def look(_request):
        call, raw = rows(caller, call_id)
        seen.append((call.status, len(raw.messages), raw.answer))
        return "{}"

    with use(fake.ModelServer(fake.Reply(look))):
        failing_code(caller, call_id)

    assert seen == [("started", 2, None)]


def test_no_transaction_is_open_while_the_model_thinks(caller, use):
    seen = []
    with caller.session() as session:

        def look(_request):
            seen.append(session.in_transaction())
            return "{}"

        session.execute(text("SELECT 1"))
        with use(fake.ModelServer(fake.Reply(look))), pytest.raises(ModelCallFailed):
            caller.complete_here()

    assert seen == [False]


def test_same_id_again_returns_the_stored_answer_without_a_call(caller, use):
    call_id = uuid7()
    with use(fake.ModelServer(fake.right())) as server:
        first = caller.complete(call_id)
        again = caller.complete(call_id)

    assert again == first
    assert len(server.requests) == 1


def test_stored_answer_outlives_a_change_of_model_and_keeps_its_label(caller, use):
    call_id = uuid7()
    drafted = caller.complete(call_id)
    with use(fake.ModelServer(fake.right())) as server:
        again = caller.complete(call_id)

    assert again == drafted
    assert server.requests == []


def test_failed_call_fails_again_the_same_way_without_a_call(caller, use):
    call_id = uuid7()
    with use(fake.ModelServer(fake.nonsense())) as server:
        assert failing_code(caller, call_id) is FailureCode.NONSENSE
        assert failing_code(caller, call_id) is FailureCode.NONSENSE

    call, raw = rows(caller, call_id)
    assert len(server.requests) == 1
    assert (call.status, call.failure_code, call.output_hash) == ("failed", "nonsense", None)
    assert raw.answer.startswith("Sure!")


def test_failure_says_when_the_endpoint_wants_to_be_asked_again(caller, use):
    with use(fake.ModelServer(fake.rate_limited("90"))), pytest.raises(ModelCallFailed) as caught:
        caller.complete()

    assert caught.value.failure_code is FailureCode.RATE_LIMITED
    assert caught.value.retry_after_s == 90
    assert caught.value.headers == {"Retry-After": "90"}
    assert "Ask again later" in caught.value.detail


def test_answer_that_postgresql_could_not_store_is_kept_readable(caller, use):
    call_id = uuid7()
    body = '{"choices": [{"message": {"content": "a\\u0000b\\ud800"}}]}'
    with use(fake.ModelServer(fake.Reply(body))):
        assert failing_code(caller, call_id) is FailureCode.NONSENSE

    assert rows(caller, call_id)[1].answer == "a\ufffdb?"


def test_known_id_with_other_content_is_refused(caller, use):
    call_id = uuid7()
    with use(fake.ModelServer(fake.right())) as server:
        caller.complete(call_id)
        assert failing_code(caller, call_id, digest=content(group(7))) is FailureCode.CHANGED

    assert len(server.requests) == 1
    assert rows(caller, call_id)[0].status == "succeeded"


def test_prompt_that_is_not_released_sends_nothing_and_stores_nothing(caller, use):
    call_id = uuid7()
    with use(fake.ModelServer(fake.right())) as server:
        code = failing_code(caller, call_id, prompt="audit-summary@v99")

    assert code is FailureCode.PROMPT_REFUSED
    assert server.requests == []
    assert rows(caller, call_id) == (None, None)


def test_call_within_a_command_is_a_mistake_and_sends_nothing(caller, use):
    with (
        use(fake.ModelServer(fake.right())) as server,
        caller.session(),
        unit_of_work(),
        pytest.raises(RuntimeError, match="unit of work"),
    ):
        caller.complete_here()

    assert server.requests == []


def test_call_whose_maker_died_is_made_by_the_next(caller, use):
    call_id = uuid7()
    dead_claim = open_and_abandon(caller, call_id)
    move_back(caller, call_id, 3_600)

    with use(fake.ModelServer(fake.right())) as server:
        completion = caller.complete(call_id)

    assert Answer.from_json(completion.data).claims
    assert len(server.requests) == 1
    assert rows(caller, call_id)[0].claimed_at > dead_claim


def test_of_two_who_find_a_dead_call_one_takes_it_over(caller):
    call_id = uuid7()
    open_and_abandon(caller, call_id)
    move_back(caller, call_id, 3_600)
    with caller.session():
        seen = ledger.get_entry(call_id).call
        with caller.session():
            first = ledger.claim_abandoned(ledger.get_entry(call_id).call, deadline_s=20)
        second = ledger.claim_abandoned(seen, deadline_s=20)

    assert first is not None
    assert second is None


def test_maker_who_comes_back_late_cannot_end_the_call_of_another(caller):
    call_id = uuid7()
    dead_claim = open_and_abandon(caller, call_id)
    move_back(caller, call_id, 3_600)
    late = CallReport(chat_request(), (), 0, failure=AttemptFailedError(FailureCode.TOO_SLOW, ""))

    with caller.session():
        claim = ledger.claim_abandoned(ledger.get_entry(call_id).call, deadline_s=20)
        assert not ledger.settle_call(call_id, dead_claim, late)
        assert ledger.get_entry(call_id).call.status == "started"
        assert ledger.settle_call(call_id, claim, late)


def test_call_that_is_just_being_made_is_not_taken_over(caller):
    call_id = uuid7()
    open_and_abandon(caller, call_id)
    with caller.session():
        seen = ledger.get_entry(call_id).call
        assert ledger.claim_abandoned(seen, deadline_s=20) is None


def test_two_who_make_the_same_call_share_one_answer(caller, use):
    call_id = uuid7()
    with (
        use(fake.ModelServer(fake.slow(0.3))) as server,
        ThreadPoolExecutor(2) as pool,
    ):
        first, second = pool.map(caller.complete, [call_id, call_id])

    assert first == second
    assert len(server.requests) == 1


def test_same_id_in_another_tenant_is_another_call(caller, caller_elsewhere):
    call_id = uuid7()
    caller.complete(call_id)

    assert rows(caller_elsewhere, call_id) == (None, None)
    caller_elsewhere.complete(call_id, digest=content(group(7)))
    assert rows(caller, call_id)[0].request_hash != rows(caller_elsewhere, call_id)[0].request_hash


@pytest.mark.parametrize("table", ["model_calls", "model_answers"])
def test_database_itself_hides_other_tenants_calls(caller, caller_elsewhere, table):
    caller.complete()

    with caller_elsewhere.session() as session:
        assert session.scalar(select(func.count()).select_from(text(table))) == 0
