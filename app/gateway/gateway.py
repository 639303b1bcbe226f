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
from app.gateway.budgets.accounts import STARTED
from app.gateway.choices.policy import Choice, way_of
from app.gateway.errors import FailureCode, ModelCallFailed
from app.gateway.ledger import LedgerEntry
from app.gateway.making import make_call
from app.gateway.models import ModelCall
from app.gateway.opening import Opening
from app.gateway.providers import Provider
from app.gateway.purposes import Purpose
from app.gateway.releases import resolve_prompt
from app.gateway.settings import GatewaySettings
from app.kernel.actor import Actor
from app.kernel.database import unit_of_work

GATEWAY = "ballast.gateway"
POLL_S = 0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Completion:
    """A usable answer: `data` fits the schema of the call.

    `model` is the one that answered, by its own account; token counts are None where the
    endpoint gave none, and 0 from the built-in provider. `latency_ms` covers every attempt.
    `provider_label` says who answered, and in whose place where that was not the first choice,
    whose label `in_place_of` then is.
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
    in_place_of: str | None = None


def get_provider() -> Provider:
    """Return whom a call of the tenant in scope asks first, for whoever is about to make one."""
    return way_of(gateway_settings())[0].provider


def complete(
    actor: Actor,
    *,
    purpose: str,
    prompt: str,
    content: Mapping[str, Any],
    schema: Mapping[str, Any],
    call_id: UUID,
    event_set_hash: str | None = None,
    only: Choice | None = None,
) -> Completion:
    """Ask the model for JSON of a schema, and return it checked.

    `prompt` is a name, which means the version that the tenant uses, or names a version
    (`audit-summary@v1`); it brings the system text and the parameters. `content` is the user's
    message: JSON of tokens, and of values that went through `redaction`; what may not leave for a
    model is taken out of it by its keys (see `egress`). `schema` is a JSON schema (draft 2020-12)
    of an object. `purpose` is what the ledger counts the call under, and whose budget it takes
    from. `event_set_hash` names the events that the content is about. The tenant's choice is
    asked, then its fallbacks; `only` asks this model alone, for callers that measure one.

    Needs a session in the tenant's scope without a unit of work, because it commits: the ledger's
    row stands before anything is sent, and no transaction is open meanwhile. The same `call_id`
    again returns the stored answer and sends nothing; a call that another process is making is
    waited for, and taken over once that process must be gone.

    Raises `ModelCallFailed` when there is no usable answer, also when a stored call failed; a new
    try takes a new id. With other content under a known id the code is `changed`.
    """
    settings = gateway_settings()
    on_trial = purpose == Purpose.EVALUATION
    known = ledger.find_prompt(call_id)
    with unit_of_work():
        resolved = resolve_prompt(actor.tenant, prompt, known, on_trial=on_trial)
        legs = way_of(settings, only)
    opening = Opening(
        actor, purpose, resolved, call_id, content, schema, legs, event_set_hash=event_set_hash
    )
    return _completion(_settled_entry(opening, settings))


def gateway_settings() -> GatewaySettings:
    """Return what the installation decided about model endpoints."""
    return cast("GatewaySettings", current_app.extensions[GATEWAY])


def _settled_entry(opening: Opening, settings: GatewaySettings) -> LedgerEntry:
    """Make the call, or wait for whoever makes it, and return it once it has ended."""
    request_hash = ledger.hash_request(opening.request)
    claim = ledger.open_call(opening)
    while True:
        if claim is not None:
            make_call(opening, claim, settings)
        entry = ledger.get_entry(opening.call_id)
        if entry.call.request_hash != request_hash:
            raise ModelCallFailed(FailureCode.CHANGED)
        if entry.call.status != STARTED:
            return entry
        claim = ledger.claim_abandoned(entry.call, settings.deadline_s)
        if claim is None:
            time.sleep(POLL_S)


def _completion(entry: LedgerEntry) -> Completion:
    made = entry.call
    if made.failure_code is not None:
        log.warning("model_call_failed", extra={"call": made.id, "code": made.failure_code})
        raise ModelCallFailed(FailureCode(made.failure_code), retry_after_s=_wait_asked_for(made))
    if entry.answer is None:
        raise ModelCallFailed(FailureCode.EXPIRED)
    provider = Provider(made.provider, made.endpoint, made.model_asked, made.endpoint_name)
    return Completion(
        call_id=made.id,
        data=read_object(entry.answer) or {},
        provider_label=label_of(made),
        model=made.model_served or made.model_asked,
        prompt=made.prompt,
        prompt_hash=made.prompt_hash,
        tokens_in=made.tokens_in,
        tokens_out=made.tokens_out,
        latency_ms=made.latency_ms or 0,
        is_extractive=provider.is_extractive,
        in_place_of=made.in_place_of,
    )


def label_of(made: ModelCall) -> str:
    """Return who was asked in a call, and in whose place where that was a fallback."""
    provider = Provider(made.provider, made.endpoint, made.model_asked, made.endpoint_name)
    if made.in_place_of is None:
        return provider.label
    return f"{provider.label}, in place of {made.in_place_of}"


def _wait_asked_for(made: ModelCall) -> int | None:
    """Return the seconds that the endpoint asked to wait for when it last refused."""
    wait_s = made.attempts[-1]["retry_after_s"] if made.attempts else None
    return None if wait_s is None else math.ceil(wait_s)
