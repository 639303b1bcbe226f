"""Making a call: the models on its way in turn, until one answers, within one deadline."""

import dataclasses
import time
from dataclasses import dataclass
from datetime import datetime

from app.gateway import ledger
from app.gateway.budgets.pricing import NOTHING, Amount, TokenEstimate, charge_for, estimate_tokens
from app.gateway.budgets.pricing import price_of as price_tokens
from app.gateway.calling import Attempt, CallReport, call, refused
from app.gateway.chat import AttemptFailedError, ChatRequest
from app.gateway.choices.policy import Leg, get_policy
from app.gateway.client import ModelClient
from app.gateway.errors import FailureCode
from app.gateway.guarding import GuardedEndpoint, demand_no_stop
from app.gateway.ledger import ClaimLostError, LegStart
from app.gateway.opening import Opening
from app.gateway.settings import GatewaySettings
from app.kernel.database import unit_of_work
from app.kernel.problems import TooManyRequests
from app.kernel.rate_limit import spend

# A model that declines has answered; to ask another until one does not would be to work round it.
FINAL = frozenset({FailureCode.DECLINED})
# What of the time that is left a model may take while others stand behind it.
_SHARE = 2 / 3
# The built-in rules need no more, and get it also where an endpoint has used up all the rest.
_BUILT_IN_S = 3.0
_MINUTE_S = 60
_MS_PER_S = 1000


@dataclass(slots=True)
class _Progress:
    """How far a call has come: tries and charges of the models that were asked so far."""

    attempts: tuple[Attempt, ...] = ()
    charge: Amount = NOTHING
    is_counted: bool = False


def make_call(opening: Opening, claim: datetime, settings: GatewaySettings) -> None:
    """Make the call and write down how it ended; nothing when the claim was lost meanwhile."""
    begun = time.monotonic()
    progress = _Progress()
    report = None
    try:
        for number, leg in enumerate(opening.legs, start=1):
            left_s = settings.deadline_s - (time.monotonic() - begun)
            share = 1 if number == len(opening.legs) else _SHARE
            report = _ask(opening, claim, leg, progress, settings, left_s * share)
            if report.failure is None or report.failure.code in FINAL:
                break
    except ClaimLostError:
        return
    if report is None:
        raise RuntimeError("A call asks at least one model.")
    whole = dataclasses.replace(
        report,
        attempts=progress.attempts,
        latency_ms=round((time.monotonic() - begun) * _MS_PER_S),
    )
    ledger.settle_call(opening.call_id, claim, whole, progress.charge)


def _ask(
    opening: Opening,
    claim: datetime,
    leg: Leg,
    progress: _Progress,
    settings: GatewaySettings,
    timeout_s: float,
) -> CallReport:
    """Ask one model, if it may be asked, and add what that took to the progress."""
    request = opening.request_for(leg)
    estimate = estimate_tokens(request)
    states: list[str | None] = []
    if leg.endpoint.is_extractive:
        timeout_s = max(timeout_s, _BUILT_IN_S)
    try:
        _admit(opening, leg, progress, timeout_s)
        _begin(opening, claim, leg, request, estimate, progress, settings)
    except AttemptFailedError as failure:
        report = refused(request, failure)
    else:
        client = ModelClient(leg.endpoint, leg.offer.name)
        if leg.endpoint.is_extractive:
            report = call(client, request, deadline_s=timeout_s)
        else:
            guarded = GuardedEndpoint(client, leg.provider.endpoint, settings)
            report = call(guarded, request, deadline_s=timeout_s)
            states = [None if state is None else state.value for state in guarded.states]
    states += [None] * (len(report.attempts) - len(states))
    progress.attempts += tuple(
        dataclasses.replace(
            attempt, endpoint=leg.endpoint.name, model=leg.offer.name, breaker=state
        )
        for attempt, state in zip(report.attempts, states, strict=True)
    )
    progress.charge += charge_for(report.attempts, estimate, leg.offer)
    return report


def _admit(opening: Opening, leg: Leg, progress: _Progress, timeout_s: float) -> None:
    """Raise `AttemptFailedError` when this model may not be asked now."""
    if timeout_s <= 0:
        raise AttemptFailedError(FailureCode.TOO_SLOW, "no time was left to ask it")
    if not leg.is_there:
        raise AttemptFailedError(
            FailureCode.NOT_CONFIGURED, f"{leg.endpoint.name} has no {leg.offer.name[:80]}"
        )
    if leg.endpoint.is_extractive:
        return
    demand_no_stop()
    if progress.is_counted:
        return
    with unit_of_work():
        allowed = get_policy().calls_per_minute
    try:
        spend(f"model-calls:{opening.actor.tenant}", allowed=allowed, window_s=_MINUTE_S)
    except TooManyRequests as problem:
        raise AttemptFailedError(
            FailureCode.TOO_MANY_CALLS,
            f"more than {allowed} calls in this minute",
            retry_after_s=problem.retry_after_s,
        ) from None
    progress.is_counted = True


def _begin(
    opening: Opening,
    claim: datetime,
    leg: Leg,
    request: ChatRequest,
    estimate: TokenEstimate,
    progress: _Progress,
    settings: GatewaySettings,
) -> None:
    """Reserve what the call may take and write down who is asked; nothing was sent before."""
    wanted = NOTHING
    if not leg.endpoint.is_extractive:
        most = price_tokens(leg.offer, estimate.tokens_in, estimate.tokens_out)
        wanted = progress.charge + most
    start = LegStart(leg, request, opening.purpose, wanted)
    if not ledger.begin_leg(opening.call_id, claim, start, settings):
        raise AttemptFailedError(
            FailureCode.OVER_BUDGET, f"could take {wanted.tokens:,} tokens, which are not left"
        )
