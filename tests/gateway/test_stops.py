"""The stop switch is in force from the next try on; so is the number of calls a minute."""

import pytest

from app.gateway.choices.policy import Choice
from app.gateway.choices.service import start_models, stop_models
from app.gateway.endpoints.stops import find_global_stop, start_everywhere, stop_everywhere
from app.gateway.errors import FailureCode, ModelCallFailed
from app.kernel.ids import uuid7
from app.kernel.problems import InvalidInput, Refused
from tests.fakes import model_server as fake
from tests.gateway.conftest import BUILT_IN

FIRST = Choice("first", "scripted")


def failing_code(caller, call_id=None):
    with pytest.raises(ModelCallFailed) as caught:
        caller.complete(call_id)
    return caught.value.failure_code


def test_stop_of_a_tenant_binds_it_and_nobody_else(caller, caller_elsewhere, endpoints):
    call_id = uuid7()
    with fake.ModelServer(fake.right()) as server:
        endpoints(first=server)
        caller.run(stop_models, "The vendor reported a breach.")
        assert failing_code(caller, call_id) is FailureCode.STOPPED
        caller_elsewhere.complete()
        caller.run(start_models)
        caller.complete()

    assert len(server.requests) == 2
    assert "The vendor reported a breach." in caller.row(call_id).attempts[0]["note"]


def test_operators_stop_binds_everybody(caller, caller_elsewhere, endpoints, app):
    with fake.ModelServer(fake.right()) as server:
        endpoints(first=server)
        with caller.session():
            assert stop_everywhere("Costs are out of hand.", "root")
            assert not stop_everywhere("Again.", "root")
        assert failing_code(caller) is FailureCode.STOPPED
        assert failing_code(caller_elsewhere) is FailureCode.STOPPED
        with caller.session():
            assert start_everywhere("root")
            assert not start_everywhere("root")
            assert find_global_stop() is None
        caller.complete()

    assert len(server.requests) == 1


def test_stop_during_a_call_stops_its_next_try(caller, endpoints):
    def stop_meanwhile(_request):
        caller.run(stop_models, "Enough.")
        return "{}"

    with fake.ModelServer(fake.Reply(stop_meanwhile, status=500), fake.right()) as server:
        endpoints(first=server)
        assert failing_code(caller) is FailureCode.STOPPED

    assert len(server.requests) == 1


def test_what_is_built_in_goes_on_because_nothing_leaves_for_it(caller, endpoints):
    with fake.ModelServer(fake.right()) as server:
        endpoints(first=server)
        caller.choose(FIRST, BUILT_IN)
        caller.run(stop_models, "Enough.")
        completion = caller.complete()

    assert completion.is_extractive
    assert server.requests == []


def test_stop_needs_a_reason_and_is_put_in_force_once(caller):
    with pytest.raises(InvalidInput):
        caller.run(stop_models, " ")
    with pytest.raises(Refused):
        caller.run(start_models)
    caller.run(stop_models, "Enough.")
    with pytest.raises(Refused):
        caller.run(stop_models, "Enough.")


def test_calls_a_minute_are_those_of_the_tenant(caller, caller_elsewhere, endpoints):
    with fake.ModelServer(fake.right()) as server:
        endpoints(first=server)
        caller.choose(FIRST, calls_per_minute=2)
        call_id = uuid7()
        caller.complete(call_id)
        caller.complete(call_id)
        caller.complete()
        with pytest.raises(ModelCallFailed) as caught:
            caller.complete()
        caller_elsewhere.complete()

    assert caught.value.failure_code is FailureCode.TOO_MANY_CALLS
    assert 0 < caught.value.retry_after_s <= 60
    assert len(server.requests) == 3
