"""An endpoint that is away is left alone for a while, and tried by one caller after it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from app.gateway.choices.policy import Choice
from app.gateway.endpoints import breaker
from app.gateway.endpoints.breaker import BreakerState, list_breakers
from app.gateway.endpoints.models import ModelBreaker
from app.gateway.errors import FailureCode, ModelCallFailed
from app.kernel import clock
from app.kernel.database import unit_of_work
from app.kernel.ids import uuid7
from tests.fakes import model_server as fake
from tests.gateway.conftest import BUILT_IN

FIRST = Choice("first", "scripted")


def failing_code(caller, call_id=None):
    with pytest.raises(ModelCallFailed) as caught:
        caller.complete(call_id)
    return caught.value.failure_code


def let_the_pause_pass(caller):
    with caller.session(), unit_of_work() as session:
        session.execute(update(ModelBreaker).values(open_until=clock.now(), trial_until=None))


def state(caller):
    with caller.session():
        [one] = list_breakers().values()
    return one.state


def test_breaker_opens_after_failures_in_a_row_and_nothing_is_sent(caller, endpoints):
    call_id = uuid7()
    with fake.ModelServer(fake.error(500)) as server:
        endpoints(first=server)
        assert failing_code(caller) is FailureCode.UNAVAILABLE
        assert state(caller) is BreakerState.OPEN
        assert failing_code(caller, call_id) is FailureCode.RESTING

    assert len(server.requests) == 3
    call = caller.row(call_id)
    assert call.breaker == "open"
    assert call.tokens_charged == 0


def test_it_is_shared_by_tenants(caller, caller_elsewhere, endpoints):
    with fake.ModelServer(fake.error(500)) as server:
        endpoints(first=server)
        failing_code(caller)
        assert failing_code(caller_elsewhere) is FailureCode.RESTING


def test_success_after_the_pause_closes_it(caller, endpoints):
    call_id = uuid7()
    with fake.ModelServer(*[fake.error(500)] * 3, fake.right()) as server:
        endpoints(first=server)
        failing_code(caller)
        let_the_pause_pass(caller)
        assert state(caller) is BreakerState.HALF_OPEN
        caller.complete(call_id)

    assert caller.row(call_id).breaker == "half-open"
    assert state(caller) is BreakerState.CLOSED


def test_failure_after_the_pause_opens_it_again_at_once(caller, endpoints):
    with fake.ModelServer(fake.error(500)) as server:
        endpoints(first=server)
        failing_code(caller)
        let_the_pause_pass(caller)
        assert failing_code(caller) is FailureCode.RESTING
        assert state(caller) is BreakerState.OPEN

    # Three that opened it, and one that tried.
    assert len(server.requests) == 4


def test_after_the_pause_one_caller_tries_and_the_others_are_refused(caller, endpoints):
    with fake.ModelServer(*[fake.error(500)] * 3, fake.slow(0.8)) as server:
        endpoints(first=server)
        failing_code(caller)
        let_the_pause_pass(caller)

        def ask(_number):
            try:
                return caller.complete() and None
            except ModelCallFailed as failure:
                return failure.failure_code

        with ThreadPoolExecutor(3) as pool:
            codes = sorted(pool.map(ask, range(3)), key=str)

    assert codes == [None, FailureCode.RESTING, FailureCode.RESTING]
    assert len(server.requests) == 4


def test_trial_of_a_caller_that_died_is_given_to_the_next(caller, endpoints):
    with fake.ModelServer(*[fake.error(500)] * 3, fake.right()) as server:
        endpoints(first=server)
        failing_code(caller)
        let_the_pause_pass(caller)
        with caller.session():
            [address] = list_breakers()
            assert breaker.enter(address, 0) is BreakerState.HALF_OPEN
            assert breaker.enter(address, 60) is BreakerState.HALF_OPEN
            assert breaker.enter(address, 60) is BreakerState.OPEN
        let_the_pause_pass(caller)
        caller.complete()


@pytest.mark.parametrize(
    "reply", [fake.rate_limited("0"), fake.error(401), fake.nonsense(), fake.truncated()]
)
def test_endpoint_that_answers_is_there_whatever_it_says(caller, endpoints, reply):
    with fake.ModelServer(reply) as server:
        endpoints(first=server)
        for _ in range(3):
            failing_code(caller)

    with caller.session():
        assert list_breakers() == {}


def test_success_between_failures_begins_the_count_anew(caller, endpoints):
    with fake.ModelServer(
        fake.error(500), fake.error(500), fake.right(), fake.error(500), fake.right()
    ) as server:
        endpoints(first=server)
        caller.complete()
        caller.complete()

    assert state(caller) is BreakerState.CLOSED


def test_while_it_rests_a_fallback_answers(caller, endpoints):
    with fake.ModelServer(fake.error(500)) as server:
        endpoints(first=server)
        failing_code(caller)
        caller.choose(FIRST, BUILT_IN)
        completion = caller.complete()

    assert completion.is_extractive
    assert len(server.requests) == 3


def test_endpoint_that_moved_begins_anew(caller, endpoints):
    with fake.ModelServer(fake.error(500)) as gone, fake.ModelServer(fake.right()) as here:
        endpoints(first=gone)
        failing_code(caller)
        endpoints(first=here)
        caller.complete()
