"""One call: tries within one deadline, each of them recorded, and a checked answer or a failure."""

import dataclasses
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.gateway.answers import read_data
from app.gateway.chat import AttemptFailedError, ChatAnswer, ChatRequest, Endpoint
from app.gateway.retries import pause_before_next, without_parameter
from app.kernel import clock

_MS_PER_S = 1000
_jitter = secrets.SystemRandom().random


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, for the ledger: `ms` is how long it took, `error` is None for the good one.

    `endpoint`, `model` and `breaker` tell who was asked and how that endpoint was doing. A failed
    try that `may_cost` may have taken tokens all the same.
    """

    started_at: datetime
    ms: int
    error: str | None = None
    note: str | None = None
    retry_after_s: float | None = None
    request_id: str | None = None
    endpoint: str | None = None
    model: str | None = None
    breaker: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    may_cost: bool = False

    def as_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "started_at": self.started_at.isoformat()}


@dataclass(frozen=True, slots=True)
class CallReport:
    """How a call went: `answer` and `data` are there, or else `failure` is.

    `request` is the request as the endpoint last got it; `latency_ms` is the whole time, pauses
    included.
    """

    request: ChatRequest
    attempts: tuple[Attempt, ...]
    latency_ms: int
    answer: ChatAnswer | None = None
    data: dict[str, Any] = field(default_factory=dict)
    failure: AttemptFailedError | None = None


def call(
    endpoint: Endpoint,
    request: ChatRequest,
    *,
    deadline_s: float,
    pause: Callable[[float], None] = time.sleep,
) -> CallReport:
    """Ask the endpoint until it answers, until trying again is pointless, or until time is up.

    Raises nothing of its own: a failure is part of the report. `pause` waits between tries.
    """
    begun = time.monotonic()
    attempts: list[Attempt] = []
    refused: list[str] = []
    while True:
        remaining_s = deadline_s - (time.monotonic() - begun)
        attempt, answer, data, failure = _try_once(endpoint, request, remaining_s)
        attempts.append(attempt)
        elapsed_s = time.monotonic() - begun
        report = CallReport(
            request, tuple(attempts), round(elapsed_s * _MS_PER_S), answer, data, failure
        )
        if failure is None:
            return report
        remaining_s = deadline_s - elapsed_s
        adapted = without_parameter(request.parameters, failure.parameter, refused)
        if adapted is not None and failure.parameter is not None and remaining_s > 0:
            refused.append(failure.parameter)
            request = dataclasses.replace(request, parameters=adapted)
            continue
        # Finding out which parameters an endpoint knows does not count as having failed.
        tries = len(attempts) - len(refused)
        wait_s = pause_before_next(failure, tries, remaining_s, _jitter())
        if wait_s is None:
            return report
        pause(wait_s)


def refused(request: ChatRequest, failure: AttemptFailedError) -> CallReport:
    """Return the report of a call that may not even be tried."""
    return CallReport(request, (_failed(clock.now(), 0, failure),), 0, failure=failure)


def _try_once(
    endpoint: Endpoint, request: ChatRequest, timeout_s: float
) -> tuple[Attempt, ChatAnswer | None, dict[str, Any], AttemptFailedError | None]:
    started_at, begun = clock.now(), time.monotonic()
    try:
        answer = endpoint.ask(request, timeout_s)
        data = read_data(answer, request.schema)
    except AttemptFailedError as failure:
        attempt = _failed(started_at, _ms_since(begun), failure)
        return attempt, None, {}, failure
    attempt = Attempt(
        started_at,
        _ms_since(begun),
        request_id=answer.request_id,
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
    )
    return attempt, answer, data, None


def _failed(started_at: datetime, ms: int, failure: AttemptFailedError) -> Attempt:
    return Attempt(
        started_at,
        ms,
        error=failure.code.value,
        note=failure.note,
        retry_after_s=failure.retry_after_s,
        request_id=failure.request_id,
        tokens_in=failure.cost.tokens_in if failure.cost else None,
        tokens_out=failure.cost.tokens_out if failure.cost else None,
        may_cost=failure.cost is not None,
    )


def _ms_since(begun: float) -> int:
    return round((time.monotonic() - begun) * _MS_PER_S)
