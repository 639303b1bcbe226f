"""Asking a model once whether its endpoint enforces a schema; the answer is stored and shown.

Some accept a schema and ignore it. Answers are checked either way; what the probe tells is how many
calls will come to nothing.
"""

import datetime as dt
import logging
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.gateway.answers import read_object
from app.gateway.chat import AttemptFailedError, ChatRequest, Message
from app.gateway.client import ModelClient
from app.gateway.endpoints.breaker import COUNTED
from app.gateway.endpoints.config import EndpointConfig, ModelOffer
from app.gateway.endpoints.models import ModelProbe
from app.gateway.endpoints.stops import find_global_stop
from app.gateway.errors import FailureCode
from app.gateway.providers import provider_of
from app.gateway.retries import without_parameter
from app.gateway.settings import GatewaySettings
from app.kernel import clock
from app.kernel.database import current_session, unit_of_work
from app.kernel.ids import uuid7

TIMEOUT_S = 30.0
# An endpoint may be changed behind its address.
VALID_FOR = dt.timedelta(days=1)
AGAIN_AFTER_FAILURE = dt.timedelta(minutes=10)

# The question asks for one word and the schema allows only another: an answer that fits the schema
# was made by holding to it.
_WORD = "zq7x"
_SCHEMA = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": [_WORD]}},
    "required": ["colour"],
    "additionalProperties": False,
}
_QUESTION = 'Which colour is a ripe tomato? Answer with JSON: {"colour": "..."}'
_MAX_TOKENS = 60
_MAX_NOTE = 200

log = logging.getLogger(__name__)


def probe(endpoint: EndpointConfig, offer: ModelOffer) -> ModelProbe:
    """Ask the model once and store what that tells; nothing of any tenant is in the question.

    `enforces_schema` is None when the question came to nothing, and the note says why.
    """
    enforces, note = _ask(endpoint, offer)
    values = {
        "endpoint": endpoint.name,
        "model": offer.name,
        "address": provider_of(endpoint, offer.name).endpoint,
        "enforces_schema": enforces,
        "note": note[:_MAX_NOTE],
        "probed_at": clock.now(),
    }
    with unit_of_work() as session:
        found = session.scalars(
            insert(ModelProbe)
            .values(values)
            .on_conflict_do_update(index_elements=["endpoint", "model"], set_=values)
            .returning(ModelProbe),
            execution_options={"populate_existing": True},
        ).one()
    log.info(
        "model_probed",
        extra={"endpoint": endpoint.name, "model": offer.name, "enforces": enforces},
    )
    return found


def list_probes() -> dict[tuple[str, str], ModelProbe]:
    """Return what is known of models, by names of endpoint and model."""
    rows = current_session().scalars(select(ModelProbe).execution_options(populate_existing=True))
    return {(row.endpoint, row.model): row for row in rows}


def probe_what_is_due(settings: GatewaySettings) -> int:
    """Probe models that nobody knows of, or not lately; return how many. Nothing while stopped."""
    with unit_of_work():
        due = list(_due(settings)) if find_global_stop() is None else []
    for endpoint, offer in due:
        probe(endpoint, offer)
    return len(due)


def models_of(settings: GatewaySettings) -> Iterator[tuple[EndpointConfig, ModelOffer]]:
    """Give every model that has a language model behind it."""
    for endpoint in settings.endpoints.values():
        if not endpoint.is_extractive:
            yield from ((endpoint, offer) for offer in endpoint.models)


def _due(settings: GatewaySettings) -> Iterator[tuple[EndpointConfig, ModelOffer]]:
    known, now = list_probes(), clock.now()
    for endpoint, offer in models_of(settings):
        found = known.get((endpoint.name, offer.name))
        if found is None or found.address != provider_of(endpoint, offer.name).endpoint:
            yield endpoint, offer
            continue
        lasts = AGAIN_AFTER_FAILURE if found.enforces_schema is None else VALID_FOR
        if now - found.probed_at >= lasts:
            yield endpoint, offer


def _ask(endpoint: EndpointConfig, offer: ModelOffer) -> tuple[bool | None, str]:
    client = ModelClient(endpoint, offer.name)
    request = ChatRequest(
        call_id=uuid7(),
        messages=(Message("user", _QUESTION),),
        schema_name="probe",
        schema=_SCHEMA,
        parameters={endpoint.token_limit: _MAX_TOKENS, "temperature": 0},
    )
    refused: list[str] = []
    while True:
        try:
            answer = client.ask(request, TIMEOUT_S)
        except AttemptFailedError as failure:
            adapted = without_parameter(request.parameters, failure.parameter, refused)
            if adapted is None or failure.parameter is None:
                return _verdict_of(failure)
            refused.append(failure.parameter)
            request = ChatRequest(
                request.call_id, request.messages, request.schema_name, request.schema, adapted
            )
            continue
        if read_object(answer.text) == {"colour": _WORD}:
            return True, "held to a schema that contradicts the question"
        return False, "accepts a schema and does not hold to it"


def _verdict_of(failure: AttemptFailedError) -> tuple[bool | None, str]:
    if failure.code in {FailureCode.TRUNCATED, FailureCode.DECLINED, FailureCode.NONSENSE}:
        return None, f"answered nothing that tells: {failure.note}"
    away = failure.code in COUNTED
    return None, f"{'away' if away else 'refused'}: {failure.code.words}, {failure.note}"
