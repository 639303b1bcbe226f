"""Calls to models as the ledger has them."""

import factory

from app.gateway.models import ModelAnswer, ModelCall
from app.kernel import clock
from app.kernel.ids import uuid7
from tests.factories.base import RowFactory


class ModelCallFactory(RowFactory):
    """A call that a model of an endpoint answered."""

    class Meta:
        model = ModelCall

    id = factory.LazyFunction(uuid7)
    purpose = "summary"
    caller_type = "person"
    caller_id = "somebody"
    caller_name = "Somebody"
    prompt = "audit-summary@v1"
    prompt_hash = "0" * 64
    provider = "openai-compatible"
    endpoint = "https://models.example/v1"
    endpoint_name = "house"
    model_asked = "small-1"
    model_served = "small-1"
    parameters = factory.LazyFunction(lambda: {"temperature": 0})
    schema_hash = "1" * 64
    request_hash = "2" * 64
    attempts = factory.LazyFunction(
        lambda: [
            {
                "endpoint": "house",
                "model": "small-1",
                "ms": 40,
                "error": "unavailable",
                "note": "-",
            },
            {"endpoint": "house", "model": "small-1", "ms": 900, "error": None, "tokens_in": 700},
        ]
    )
    tokens_in, tokens_out, tokens_charged, micros_charged = 700, 90, 790, 1_234
    currency = "EUR"
    latency_ms = 940
    status = "succeeded"
    started_at = factory.LazyFunction(clock.now)
    claimed_at = factory.LazyFunction(clock.now)
    finished_at = factory.LazyFunction(clock.now)


class ModelAnswerFactory(RowFactory):
    class Meta:
        model = ModelAnswer

    messages = factory.LazyFunction(
        lambda: [
            {"role": "system", "content": "Answer with JSON."},
            {"role": "user", "content": '{"actor": "A1"}'},
        ]
    )
    answer = '{"claims": []}'
    created_at = factory.LazyFunction(clock.now)


def made_call(world, **values):
    """Make a call of a tenant, with its words; return its id."""
    call = world.make(ModelCallFactory, **values)
    world.make(ModelAnswerFactory, call_id=call.id)
    return call.id
