"""The ledger of calls: a row before the call, its end after it, and never two calls for one id.

Each step is a unit of work of its own, so that no transaction stays open while a model thinks.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.audit.tenant_lock import lock_in_tenant
from app.gateway.budgets.accounts import GRACE, STARTED, get_account
from app.gateway.budgets.pricing import NOTHING, Amount
from app.gateway.calling import CallReport
from app.gateway.chat import ChatRequest
from app.gateway.choices.policy import Leg
from app.gateway.egress import count_redactions
from app.gateway.models import ModelAnswer, ModelCall
from app.gateway.opening import Opening
from app.gateway.settings import GatewaySettings
from app.kernel import clock
from app.kernel.database import current_session, unit_of_work

SUCCEEDED, FAILED = "succeeded", "failed"

# One at a time in a tenant: whoever asks what is left of a budget, and takes of it.
BUDGET_LOCK = "model-budget"


class ClaimLostError(Exception):
    """Another process took the call over, because this one's time was up."""


@dataclass(frozen=True, slots=True)
class LegStart:
    """A model that is about to be asked: what it is sent, and what that may take at most."""

    leg: Leg
    request: ChatRequest
    purpose: str
    wanted: Amount


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A call as the ledger has it; `answer` is the text that came back, if any did."""

    call: ModelCall
    answer: str | None


def open_call(opening: Opening) -> dt.datetime | None:
    """Write a call into the ledger and return the claim that allows to make it.

    None when the ledger has a call of this id already.
    """
    now = clock.now()
    with unit_of_work() as session:
        new = session.scalar(
            insert(ModelCall)
            .values(_row(opening, now))
            .on_conflict_do_nothing(index_elements=["tenant_id", "id"])
            .returning(ModelCall.id)
        )
        if new is None:
            return None
        session.add(
            ModelAnswer(
                call_id=opening.call_id,
                messages=_messages(opening.request_for(opening.legs[0])),
                answer=None,
                created_at=now,
            )
        )
    return now


def find_prompt(call_id: UUID) -> str | None:
    """Return the prompt version that a call of the tenant in scope used, or None."""
    with unit_of_work() as session:
        return session.scalar(select(ModelCall.prompt).where(ModelCall.id == call_id))


def begin_leg(
    call_id: UUID, claim: dt.datetime, start: LegStart, settings: GatewaySettings
) -> bool:
    """Reserve what asking this model may take, and write down that it is asked.

    False, with nothing written, when so much is not left of the month's budget. Raises
    `ClaimLostError`.
    """
    with unit_of_work() as session:
        if start.wanted.tokens:
            lock_in_tenant(session, BUDGET_LOCK)
            account = get_account(start.purpose, claim, settings.deadline_s, besides=call_id)
            if not account.allows(start.wanted):
                return False
        begun = session.scalar(
            update(ModelCall)
            .where(_is_held(call_id, claim))
            .values(_leg_values(start, settings))
            .returning(ModelCall.id)
            .execution_options(synchronize_session=False)
        )
        if begun is None:
            raise ClaimLostError
        _keep_messages(call_id, start)
    return True


def get_entry(call_id: UUID) -> LedgerEntry:
    """Return a call of the tenant in scope; it has to exist."""
    query = (
        select(ModelCall, ModelAnswer.answer)
        .join(ModelAnswer, ModelAnswer.call_id == ModelCall.id)
        .where(ModelCall.id == call_id)
        .execution_options(populate_existing=True)
    )
    with unit_of_work() as session:
        call, answer = session.execute(query).one()
    return LedgerEntry(call, answer)


def claim_abandoned(call: ModelCall, deadline_s: float) -> dt.datetime | None:
    """Take over a call whose maker must be gone, because its time was up; return the new claim.

    `call` is the row as it was read. None while its maker may still be there, and when somebody
    else was faster, or the call ended after all.
    """
    now = clock.now()
    if now - call.claimed_at <= dt.timedelta(seconds=deadline_s) + GRACE:
        return None
    with unit_of_work() as session:
        taken = session.scalar(
            update(ModelCall)
            .where(
                ModelCall.id == call.id,
                ModelCall.status == STARTED,
                ModelCall.claimed_at == call.claimed_at,
            )
            .values(claimed_at=now, tokens_reserved=0, micros_reserved=None)
            .returning(ModelCall.id)
        )
    return None if taken is None else now


def settle_call(
    call_id: UUID, claim: dt.datetime, report: CallReport, charge: Amount = NOTHING
) -> bool:
    """Write down how a call ended and what it took; its reservation is over.

    False when the claim was lost, and nothing is written.
    """
    with unit_of_work() as session:
        settled = session.scalar(
            update(ModelCall)
            .where(_is_held(call_id, claim))
            .values(_ending(report, charge))
            .returning(ModelCall.id)
            .execution_options(synchronize_session=False)
        )
        if settled is None:
            return False
        session.execute(
            update(ModelAnswer)
            .where(ModelAnswer.call_id == call_id)
            .values(answer=_storable(_text_of(report)))
        )
    return True


def hash_json(value: object) -> str:
    """Return the SHA-256 of a JSON value, whatever the order of its keys."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def hash_request(request: ChatRequest) -> str:
    """Return what makes two calls the same call: what is said in them, and the answer's shape."""
    messages = [message.as_json() for message in request.messages]
    return hash_json([messages, request.schema_name, request.schema])


def _is_held(call_id: UUID, claim: dt.datetime) -> ColumnElement[bool]:
    return and_(ModelCall.id == call_id, ModelCall.status == STARTED, ModelCall.claimed_at == claim)


def _row(opening: Opening, now: dt.datetime) -> dict[str, Any]:
    actor, request, prompt = opening.actor, opening.request, opening.resolved.prompt
    return {
        "tenant_id": actor.tenant,
        "id": opening.call_id,
        "purpose": opening.purpose,
        "caller_type": actor.type.value,
        "caller_id": actor.id,
        "caller_name": actor.name,
        "prompt": prompt.reference,
        "prompt_hash": prompt.sha256,
        "prompt_label": opening.resolved.label,
        "parameters": dict(request.parameters),
        "schema_hash": hash_json(request.schema),
        "request_hash": hash_request(request),
        "event_set_hash": opening.event_set_hash,
        "attempts": [],
        "status": STARTED,
        "request_id": actor.source.request_id,
        "started_at": now,
        "claimed_at": now,
        **_who(opening.legs[0]),
    }


def _who(leg: Leg) -> dict[str, Any]:
    return {
        "provider": leg.provider.kind,
        "endpoint": leg.provider.endpoint,
        "endpoint_name": leg.endpoint.name,
        "model_asked": leg.offer.name,
        "in_place_of": leg.in_place_of,
        "withheld": sorted(group.value for group in leg.withheld),
    }


def _leg_values(start: LegStart, settings: GatewaySettings) -> dict[str, Any]:
    sent = [json.loads(message.content) for message in start.request.messages[1:]]
    return {
        **_who(start.leg),
        "redactions": count_redactions(sent),
        "tokens_reserved": start.wanted.tokens,
        "micros_reserved": start.wanted.micros,
        "currency": settings.currency,
    }


def _keep_messages(call_id: UUID, start: LegStart) -> None:
    """Keep what is about to be sent beside what was sent before in another form."""
    kept = (
        current_session()
        .scalars(
            select(ModelAnswer)
            .where(ModelAnswer.call_id == call_id)
            .execution_options(populate_existing=True)
        )
        .one()
    )
    known = [(one["role"], one["content"]) for one in kept.messages]
    new = [one for one in _messages(start.request) if (one["role"], one["content"]) not in known]
    kept.messages = [
        *kept.messages,
        *({**one, "endpoint": start.leg.endpoint.name} for one in new),
    ]


def _messages(request: ChatRequest) -> list[dict[str, str]]:
    return [message.as_json() for message in request.messages]


def _ending(report: CallReport, charge: Amount) -> Mapping[str, Any]:
    answer, failure = report.answer, report.failure
    states = [attempt.breaker for attempt in report.attempts if attempt.breaker is not None]
    return {
        # As the endpoint last took them: it may know fewer than the prompt asks for.
        "parameters": dict(report.request.parameters),
        "attempts": [attempt.as_json() for attempt in report.attempts],
        "breaker": states[-1] if states else None,
        "tokens_reserved": 0,
        "micros_reserved": None,
        "tokens_charged": charge.tokens,
        "micros_charged": charge.micros,
        "latency_ms": report.latency_ms,
        "finished_at": clock.now(),
        "status": SUCCEEDED if failure is None else FAILED,
        "failure_code": None if failure is None else failure.code.value,
        "model_served": None if answer is None else _storable(answer.model),
        "finish_reason": None if answer is None else _storable(answer.finish_reason),
        "tokens_in": None if answer is None else answer.tokens_in,
        "tokens_out": None if answer is None else answer.tokens_out,
        "output_hash": None if failure is not None else hash_json(report.data),
    }


def _text_of(report: CallReport) -> str | None:
    if report.answer is not None:
        return report.answer.text
    return report.failure.text if report.failure is not None else None


def _storable(text: str | None) -> str | None:
    """Return the text as PostgreSQL can keep it: no NUL, no lone surrogate."""
    if text is None:
        return None
    return text.replace("\x00", "�").encode("utf-8", "replace").decode("utf-8")
