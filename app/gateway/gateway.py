"""The gateway: the only door to a language model."""

import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import current_app

from app.gateway import ledger
from app.gateway.answers import read_object
from app.gateway.calling import call
from app.gateway.chat import build_request
from app.gateway.client import ModelClient
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.ledger import LedgerEntry, Opening
from app.gateway.models import ModelCall
from app.gateway.prompt_files import get_prompt
from app.gateway.providers import Provider, provider_of
from app.gateway.settings import GatewaySettings
from app.kernel.actor import Actor

GATEWAY = "ballast.gateway"
POLL_S = 0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Completion:
    """A usable answer: `data` fits the schema of the call.

    `model` is the one that answered, by its own account; token counts are None where the
    endpoint gave none, and 0 from the built-in provider. `latency_ms` covers every attempt.
    """

    call_id: UUID
    data: dict[str, Any]
    provider_label: str
    model: str
    prompt: str
    prompt_hash: str
    tokens_in: int | None
    tokens_out: int | None
    latency_ms: int
    is_extractive: bool


def get_provider() -> Provider:
    """Return who would answer a call now, for whoever is about to make one."""
    return provider_of(_settings())


def complete(
    actor: Actor,
    *,
    purpose: str,
    prompt: str,
    content: Mapping[str, Any],
    schema: Mapping[str, Any],
    call_id: UUID,
) -> Completion:
    """Ask the model for JSON of a schema, and return it checked.

    `prompt` names a released version (`audit-summary@v1`), which brings the system text and the
    parameters. `content` is the user's message: JSON of tokens, and of values that went through
    `redaction`. `schema` is a JSON schema (draft 2020-12) of an object. `purpose` is what the
    ledger counts the call under.

    Needs a session in the tenant's scope without a unit of work, because it commits: the ledger's
    row stands before anything is sent, and no transaction is open meanwhile. The same `call_id`
    again returns the stored answer and sends nothing; a call that another process is making is
    waited for, and taken over once that process must be gone.

    Raises `ModelCallFailed` when there is no usable answer, also when a stored call failed; a new
    try takes a new id. With other content under a known id the code is `changed`.
    """
    settings = _settings()
    released = get_prompt(prompt)
    request = build_request(call_id, released, content, schema)
    opening = Opening(actor, purpose, released, provider_of(settings), request)
    return _completion(_settled_entry(opening, settings))


def _settled_entry(opening: Opening, settings: GatewaySettings) -> LedgerEntry:
    """Make the call, or wait for whoever makes it, and return it once it has ended."""
    request = opening.request
    claim = ledger.open_call(opening)
    while True:
        if claim is not None:
            report = call(ModelClient(settings), request, deadline_s=settings.deadline_s)
            ledger.settle_call(request.call_id, claim, report)
        entry = ledger.get_entry(request.call_id)
        if entry.call.request_hash != ledger.hash_request(request):
            raise ModelCallFailed(FailureCode.CHANGED)
        if entry.call.status != ledger.STARTED:
            return entry
        claim = ledger.claim_abandoned(entry.call, settings.deadline_s)
        if claim is None:
            time.sleep(POLL_S)


def _completion(entry: LedgerEntry) -> Completion:
    made = entry.call
    if made.failure_code is not None:
        log.warning("model_call_failed", extra={"call": made.id, "code": made.failure_code})
        raise ModelCallFailed(FailureCode(made.failure_code), retry_after_s=_wait_asked_for(made))
    provider = Provider(made.provider, made.endpoint, made.model_asked)
    return Completion(
        call_id=made.id,
        data=read_object(entry.answer or "") or {},
        provider_label=provider.label,
        model=made.model_served or made.model_asked,
        prompt=made.prompt,
        prompt_hash=made.prompt_hash,
        tokens_in=made.tokens_in,
        tokens_out=made.tokens_out,
        latency_ms=made.latency_ms or 0,
        is_extractive=provider.is_extractive,
    )


def _wait_asked_for(made: ModelCall) -> int | None:
    """Return the seconds that the endpoint asked to wait for when it last refused."""
    wait_s = made.attempts[-1]["retry_after_s"] if made.attempts else None
    return None if wait_s is None else math.ceil(wait_s)


def _settings() -> GatewaySettings:
    return cast("GatewaySettings", current_app.extensions[GATEWAY])
