"""What a call may take and what it took, in tokens and in money.

All numbers are whole: tokens, and micro-units of the installation's currency. Where a price is
not known the money is None, and only the tokens count.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.gateway.calling import Attempt
from app.gateway.chat import ChatRequest
from app.gateway.endpoints.config import TOKEN_LIMITS, ModelOffer
from app.gateway.sizes import size_in_bytes

_BYTES_PER_TOKEN = 3
_PER_PRICE = 1_000_000
# What a model may answer where the prompt says nothing of it.
_MOST_ANSWERED = 4_000


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens, and money where the price is known."""

    tokens: int
    micros: int | None

    def __add__(self, other: "Amount") -> "Amount":
        # Of a sum with something unknown in it the known part is kept: it was spent.
        known = [part for part in (self.micros, other.micros) if part is not None]
        return Amount(self.tokens + other.tokens, sum(known) if known else None)


NOTHING = Amount(0, None)


@dataclass(frozen=True, slots=True)
class TokenEstimate:
    """How many tokens a request takes at most: those of the prompt, and those of the answer."""

    tokens_in: int
    tokens_out: int

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


def estimate_tokens(request: ChatRequest) -> TokenEstimate:
    """Return about how many tokens a request takes; nearly always more than it will.

    There is no tokenizer here, since each model has its own: a token is taken to be three bytes
    of UTF-8, rounded up. English prose and compact JSON have nearer to four, so the estimate is
    high; text of many digits and rare symbols can have fewer, and then it is low. The schema
    counts, because most endpoints put it before the prompt. What was really used, as the
    endpoint reports it, is what is charged in the end.
    """
    messages = [message.as_json() for message in request.messages]
    size = size_in_bytes(messages) + size_in_bytes(request.schema)
    limits = [request.parameters[name] for name in TOKEN_LIMITS if name in request.parameters]
    return TokenEstimate(-(-size // _BYTES_PER_TOKEN), int(limits[0]) if limits else _MOST_ANSWERED)


def price_of(offer: ModelOffer, tokens_in: int, tokens_out: int) -> Amount:
    """Return what so many tokens of a model cost; money is rounded up."""
    tokens = tokens_in + tokens_out
    if offer.price_in is None or offer.price_out is None:
        return Amount(tokens, None)
    cost = tokens_in * offer.price_in + tokens_out * offer.price_out
    return Amount(tokens, -(-cost // _PER_PRICE))


def charge_for(attempts: Iterable[Attempt], estimate: TokenEstimate, offer: ModelOffer) -> Amount:
    """Return what tries at one model took: what the endpoint reported, or else the estimate.

    A try that came to nothing before the endpoint can have worked on it took nothing.
    """
    total = price_of(offer, 0, 0)
    for attempt in attempts:
        total += _charge(attempt, estimate, offer)
    return total


def _charge(attempt: Attempt, estimate: TokenEstimate, offer: ModelOffer) -> Amount:
    if attempt.tokens_in is not None or attempt.tokens_out is not None:
        return price_of(offer, attempt.tokens_in or 0, attempt.tokens_out or 0)
    if attempt.error is not None and not attempt.may_cost:
        return price_of(offer, 0, 0)
    return price_of(offer, estimate.tokens_in, estimate.tokens_out)
