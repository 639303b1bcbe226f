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

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.gateway.calling import CallReport
from app.gateway.chat import ChatRequest
from app.gateway.models import ModelAnswer, ModelCall
from app.gateway.prompt_files import Prompt
from app.gateway.providers import Provider
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.database import unit_of_work

STARTED, SUCCEEDED, FAILED = "started", "succeeded", "failed"

# Over and above the deadline of a call: time to write down how it ended.
GRACE = dt.timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a call before it is made."""

    actor: Actor
    purpose: str
    prompt: Prompt
    provider: Provider
    request: ChatRequest


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
                call_id=opening.request.call_id,
                messages=[message.as_json() for message in opening.request.messages],
                answer=None,
                created_at=now,
            )
        )
    return now


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
            .values(claimed_at=now)
            .returning(ModelCall.id)
        )
    return None if taken is None else now


def settle_call(call_id: UUID, claim: dt.datetime, report: CallReport) -> bool:
    """Write down how a call ended; False when the claim was lost, and nothing is written."""
    with unit_of_work() as session:
        settled = session.scalar(
            update(ModelCall)
            .where(
                ModelCall.id == call_id, ModelCall.status == STARTED, ModelCall.claimed_at == claim
            )
            .values(_ending(report))
            .returning(ModelCall.id)
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


def _row(opening: Opening, now: dt.datetime) -> dict[str, Any]:
    actor, request = opening.actor, opening.request
    return {
        "tenant_id": actor.tenant,
        "id": request.call_id,
        "purpose": opening.purpose,
        "caller_type": actor.type.value,
        "caller_id": actor.id,
        "caller_name": actor.name,
        "prompt": opening.prompt.reference,
        "prompt_hash": opening.prompt.sha256,
        "provider": opening.provider.kind,
        "endpoint": opening.provider.endpoint,
        "model_asked": opening.provider.model,
        "parameters": dict(request.parameters),
        "schema_hash": hash_json(request.schema),
        "request_hash": hash_request(request),
        "attempts": [],
        "status": STARTED,
        "request_id": actor.source.request_id,
        "started_at": now,
        "claimed_at": now,
    }


def _ending(report: CallReport) -> Mapping[str, Any]:
    answer, failure = report.answer, report.failure
    return {
        # As the endpoint last took them: it may know fewer than the prompt asks for.
        "parameters": dict(report.request.parameters),
        "attempts": [attempt.as_json() for attempt in report.attempts],
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
