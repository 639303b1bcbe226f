"""What a call would take, told before somebody asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.gateway.budgets.accounts import Account, get_account
from app.gateway.budgets.money import money_words
from app.gateway.budgets.pricing import Amount, TokenEstimate, estimate_tokens, price_of
from app.gateway.choices.policy import Leg, way_of
from app.gateway.endpoints.breaker import BreakerState, list_breakers
from app.gateway.endpoints.stops import find_stop
from app.gateway.errors import FailureCode
from app.gateway.gateway import gateway_settings
from app.gateway.opening import Opening
from app.gateway.providers import Provider
from app.gateway.releases import resolve_prompt
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.ids import uuid7


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a call would take if it were made now.

    `provider` is who would be asked first. `tokens` are those of the prompt and the most that an
    answer may have; `cost` is their price, money None where nobody knows it. `account` is the month
    so far. `refusal` says that the first choice may not be asked, and why; then `fallback` is who
    would be asked in its place, None where nobody would.
    """

    provider: Provider
    tokens: TokenEstimate
    cost: Amount
    account: Account
    currency: str
    refusal: FailureCode | None = None
    fallback: Provider | None = None

    @property
    def words(self) -> str:
        """The estimate as one or two sentences for a page."""
        if self.refusal is not None:
            instead = f"{self.fallback.label} answers" if self.fallback else "nobody answers"
            return f"{self.provider.label} cannot be asked ({self.refusal.words}); {instead}."
        if self.provider.is_extractive:
            return f"Costs nothing: {self.provider.label}."
        most = f"At most {self.cost.tokens:,} tokens"
        left = self.account.left.tokens
        rest = f"; {left:,} are left this month" if left >= 0 else ""
        return f"{most}, {money_words(self.cost.micros, self.currency)}{rest}."


def estimate(
    actor: Actor,
    *,
    purpose: str,
    prompt: str,
    content: Mapping[str, Any],
    schema: Mapping[str, Any] | None = None,
) -> Estimate:
    """Return what a call with these parts would take; nothing is sent, stored or reserved.

    The parts are those of `complete`; without the schema the estimate is low by its size. Needs a
    session in the tenant's scope. Raises `PromptRefused`.
    """
    settings = gateway_settings()
    legs = way_of(settings)
    opening = Opening(
        actor, purpose, resolve_prompt(actor.tenant, prompt), uuid7(), content, schema or {}, legs
    )
    account = get_account(purpose, clock.now(), settings.deadline_s)
    first = legs[0]
    tokens = estimate_tokens(opening.request_for(first))
    refusal = _refusal(first, _cost(first, tokens), account)
    fallback = next((leg for leg in legs[1:] if _may_ask(opening, leg, account)), None)
    return Estimate(
        first.provider,
        tokens,
        _cost(first, tokens),
        account,
        settings.currency,
        refusal,
        fallback.provider if refusal and fallback else None,
    )


def _cost(leg: Leg, tokens: TokenEstimate) -> Amount:
    if leg.endpoint.is_extractive:
        return Amount(0, 0)
    return price_of(leg.offer, tokens.tokens_in, tokens.tokens_out)


def _may_ask(opening: Opening, leg: Leg, account: Account) -> bool:
    tokens = estimate_tokens(opening.request_for(leg))
    return _refusal(leg, _cost(leg, tokens), account) is None


def _refusal(leg: Leg, cost: Amount, account: Account) -> FailureCode | None:
    if not leg.is_there:
        return FailureCode.NOT_CONFIGURED
    if leg.endpoint.is_extractive:
        return None
    if find_stop() is not None:
        return FailureCode.STOPPED
    breaker = list_breakers().get(leg.provider.endpoint)
    if breaker is not None and breaker.state is BreakerState.OPEN:
        return FailureCode.RESTING
    return None if account.allows(cost) else FailureCode.OVER_BUDGET
