"""What a month allows is never exceeded by calls that were let through, and never lost."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from app.gateway import ledger
from app.gateway.budgets.accounts import Limits, get_account, month_of
from app.gateway.budgets.money import money_words
from app.gateway.budgets.pricing import Amount, estimate_tokens, price_of
from app.gateway.budgets.service import update_budget
from app.gateway.choices.policy import Choice, way_of
from app.gateway.endpoints.config import ModelOffer
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.estimating import estimate
from app.gateway.gateway import gateway_settings
from app.gateway.ledger import LegStart
from app.gateway.models import ModelCall
from app.gateway.purposes import Purpose
from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from app.kernel.problems import InvalidInput
from app.summaries.claims.contract import PROMPT, answer_schema
from tests.fakes import model_server as fake
from tests.gateway.conftest import BUILT_IN
from tests.gateway.digests import USUAL, chat_request
from tests.gateway.test_gateway import opening_of
from tests.support import scripted_model as model

FIRST = Choice("first", "scripted")
# What the usual call may take at most, and what the scripted model says that it took.
MOST = estimate_tokens(chat_request()).tokens
TOOK = 790
PRICE = 700 + 2 * 90


def limit(caller, tokens=None, micros=None, purpose=Purpose.SUMMARY):
    caller.run(update_budget, purpose, Limits(tokens, micros))


def account(caller):
    with caller.session():
        return get_account("summary", clock.now(), gateway_settings().deadline_s)


def failing_code(caller, call_id=None):
    with pytest.raises(ModelCallFailed) as caught:
        caller.complete(call_id)
    return caught.value.failure_code


def reserve(caller, call_id):
    """Begin a call and reserve what it may take, as a process that dies before anything else."""
    with caller.session():
        opening = opening_of(caller, call_id)
        claim = ledger.open_call(opening)
        leg = opening.legs[0]
        wanted = price_of(leg.offer, MOST - 4_000, 4_000)
        start = LegStart(leg, opening.request_for(leg), "summary", wanted)
        assert ledger.begin_leg(call_id, claim, start, gateway_settings())


@pytest.fixture
def server(endpoints):
    with fake.ModelServer(fake.right()) as server:
        endpoints(first=server)
        yield server


def test_call_is_charged_what_it_took(caller, server):
    call_id = uuid7()
    caller.complete(call_id)

    call = caller.row(call_id)
    assert (call.tokens_charged, call.micros_charged, call.currency) == (TOOK, PRICE, "EUR")
    assert (call.tokens_reserved, call.micros_reserved) == (0, None)
    assert account(caller).used == Amount(TOOK, PRICE)
    assert account(caller).reserved.tokens == 0


def test_reservation_stands_while_the_model_thinks(caller, endpoints):
    seen = []

    def look(_request):
        seen.append(account(caller))
        return "{}"

    with fake.ModelServer(fake.Reply(look)) as server:
        endpoints(first=server)
        assert failing_code(caller) is FailureCode.NONSENSE

    assert seen[0].reserved.tokens == MOST
    assert seen[0].reserved.micros >= MOST
    assert seen[0].used.tokens == 0


@pytest.mark.parametrize("limits", [{"tokens": MOST - 1}, {"micros": 5}, {"tokens": 0}])
def test_call_that_could_take_more_than_is_left_is_not_made(caller, server, limits):
    call_id = uuid7()
    limit(caller, **limits)

    assert failing_code(caller, call_id) is FailureCode.OVER_BUDGET
    assert server.requests == []
    assert caller.row(call_id).tokens_charged == 0
    assert account(caller).used.tokens == 0


def test_budget_that_is_just_enough_lets_the_call_through(caller, server):
    limit(caller, tokens=MOST)

    caller.complete()

    assert failing_code(caller) is FailureCode.OVER_BUDGET


def test_of_two_who_want_the_last_tokens_one_gets_them(caller, endpoints):
    with fake.ModelServer(fake.slow(0.5)) as server:
        endpoints(first=server)
        limit(caller, tokens=MOST + TOOK)

        def ask(_number):
            try:
                return caller.complete() and None
            except ModelCallFailed as failure:
                return failure.failure_code

        with ThreadPoolExecutor(4) as pool:
            codes = sorted(pool.map(ask, range(4)), key=str)

    assert codes == [None, *[FailureCode.OVER_BUDGET] * 3]
    assert len(server.requests) == 1


def test_budgets_of_purposes_and_tenants_are_apart(caller, caller_elsewhere, server):
    limit(caller, tokens=0)

    caller.complete(purpose="evaluation")
    caller_elsewhere.complete()
    assert failing_code(caller) is FailureCode.OVER_BUDGET


def test_over_budget_the_built_in_provider_answers_where_it_is_a_fallback(caller, server):
    caller.choose(FIRST, BUILT_IN)
    limit(caller, tokens=0)

    completion = caller.complete()

    assert completion.is_extractive
    assert "in place of scripted at" in completion.provider_label
    assert server.requests == []


def test_built_in_provider_asks_no_budget(caller):
    limit(caller, tokens=0)

    assert caller.complete().is_extractive


def test_repeated_call_is_charged_once(caller, server):
    call_id = uuid7()
    for _ in range(3):
        caller.complete(call_id)

    assert account(caller).used.tokens == TOOK
    assert account(caller).calls == 1


def test_unknown_usage_is_charged_as_estimated(caller, endpoints):
    with fake.ModelServer(model.right_without_usage()) as server:
        endpoints(first=server)
        caller.complete()

    assert account(caller).used.tokens == MOST


@pytest.mark.parametrize(
    ("reply", "charged"),
    [
        (fake.error(500), 0),
        (fake.error(401), 0),
        (fake.rate_limited("0"), 0),
        (fake.nonsense(), TOOK),
        (fake.truncated(), TOOK),
        (fake.declined(), TOOK),
        (fake.html(), MOST),
        (fake.drop(), 3 * MOST),
    ],
)
def test_failed_call_is_charged_what_the_endpoint_may_have_worked(
    caller, endpoints, reply, charged
):
    with fake.ModelServer(reply) as server:
        endpoints(first=server)
        failing_code(caller)

    assert account(caller).used.tokens == charged
    assert account(caller).reserved.tokens == 0


def test_unknown_price_is_said_to_be_unknown_and_tokens_bind(caller, endpoints):
    with fake.ModelServer(fake.right()) as server:
        endpoints(first=server, price=(None, None))
        limit(caller, tokens=MOST + TOOK - 1, micros=1)
        caller.complete()
        assert failing_code(caller) is FailureCode.OVER_BUDGET

    assert account(caller).used == Amount(TOOK, None)
    assert account(caller).unpriced == 1


def test_what_a_dead_process_reserved_comes_free_after_its_deadline(caller, server):
    call_id = uuid7()
    limit(caller, tokens=MOST)
    reserve(caller, call_id)
    assert account(caller).reserved.tokens == MOST
    assert failing_code(caller) is FailureCode.OVER_BUDGET

    with caller.session(), unit_of_work() as session:
        gone = ModelCall.claimed_at - dt.timedelta(seconds=gateway_settings().deadline_s + 6)
        session.execute(update(ModelCall).values(claimed_at=gone))

    assert account(caller).reserved.tokens == 0
    caller.complete()


def test_dead_call_that_is_taken_over_is_charged_once(caller, server):
    call_id = uuid7()
    limit(caller, tokens=MOST)
    reserve(caller, call_id)
    with caller.session(), unit_of_work() as session:
        gone = ModelCall.claimed_at - dt.timedelta(hours=1)
        session.execute(update(ModelCall).values(claimed_at=gone))

    caller.complete(call_id)

    assert account(caller).used.tokens == TOOK
    assert account(caller).reserved.tokens == 0


def test_last_months_calls_do_not_count(caller, server):
    limit(caller, tokens=MOST)
    caller.complete()
    with caller.session(), unit_of_work() as session:
        before = month_of(clock.now()) - dt.timedelta(seconds=1)
        session.execute(update(ModelCall).values(started_at=before))

    assert account(caller).used.tokens == 0
    caller.complete()


def test_money_is_rounded_up_and_whole():
    assert price_of(ModelOffer("m", 1, 1), 1, 0) == Amount(1, 1)
    assert price_of(ModelOffer("m", 150_000, 600_000), 1_000, 1_000) == Amount(2_000, 750)
    assert price_of(ModelOffer("m", 0, 0), 1_000, 0) == Amount(1_000, 0)


@pytest.mark.parametrize(
    ("micros", "words"),
    [
        (None, "cost not known"),
        (0, "0.00 EUR"),
        (1, "0.000001 EUR"),
        (150_000, "0.15 EUR"),
        (3_150, "0.00315 EUR"),
        (12_400_001, "12.40 EUR"),
        (1_234_567_000_000, "1,234,567.00 EUR"),
    ],
)
def test_money_is_written_as_people_read_it(micros, words):
    assert money_words(micros, "EUR") == words


@pytest.mark.parametrize("limits", [Limits(-1, None), Limits(None, -1), Limits(10**18, None)])
def test_budget_out_of_its_bounds_is_refused(caller, limits):
    with pytest.raises(InvalidInput):
        caller.run(update_budget, Purpose.SUMMARY, limits)


def estimate_of(caller):
    with caller.session():
        return estimate(
            caller.actor,
            purpose="summary",
            prompt=PROMPT,
            content=USUAL.as_json(),
            schema=answer_schema(USUAL),
        )


def test_estimate_tells_what_a_call_would_take_and_reserves_nothing(caller, server):
    limit(caller, tokens=MOST + 1_000)
    found = estimate_of(caller)

    assert found.refusal is None
    assert found.tokens.tokens == found.cost.tokens == MOST
    assert f"At most {MOST:,} tokens, 0.0" in found.words
    assert f"{MOST + 1_000:,} are left this month" in found.words
    assert account(caller).reserved.tokens == 0
    assert server.requests == []


def test_estimate_is_above_what_the_call_then_takes(caller, server):
    found = estimate_of(caller)
    size = len(str(USUAL.as_json()))

    assert found.tokens.tokens_in > size / 4


def test_estimate_says_what_would_be_refused_and_who_answers_then(caller, server):
    limit(caller, tokens=10)
    assert estimate_of(caller).refusal is FailureCode.OVER_BUDGET
    assert "nobody answers" in estimate_of(caller).words

    caller.choose(FIRST, BUILT_IN)
    assert estimate_of(caller).fallback.is_extractive
    assert "no language model answers" in estimate_of(caller).words


def test_estimate_of_the_built_in_provider_costs_nothing(caller):
    with caller.session():
        assert way_of(gateway_settings())[0].endpoint.is_extractive
    assert estimate_of(caller).words.startswith("Costs nothing")
