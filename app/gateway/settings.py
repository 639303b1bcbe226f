"""What an installation decides about its model endpoints."""

from dataclasses import dataclass, field

from app.gateway.endpoints.config import (
    DEFAULT_NAME,
    EXTRACTIVE_ENDPOINT,
    EndpointConfig,
    ModelOffer,
)


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The endpoints that prompts may go to.

    `base_url` with `api_key` and `model` is the endpoint called `default`; `named` are those of
    the operator's file. The built-in extractive provider is always there. `deadline_s` bounds a
    whole call, retries and fallbacks included; `answers_days` is how long prompts and answers are
    kept word for word; an endpoint that failed `breaker_failures` times in a row is left alone
    for `breaker_pause_s` seconds.
    """

    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    model: str | None = None
    deadline_s: float = 60.0
    named: tuple[EndpointConfig, ...] = ()
    currency: str = "EUR"
    answers_days: int = 30
    breaker_failures: int = 5
    breaker_pause_s: float = 30.0

    @property
    def endpoints(self) -> dict[str, EndpointConfig]:
        """Every endpoint by its name: the default one first, the built-in provider last."""
        found = [*self._default(), *self.named, EXTRACTIVE_ENDPOINT]
        return {one.name: one for one in found}

    @property
    def first(self) -> EndpointConfig:
        """The endpoint of tenants that chose none."""
        return next(iter(self.endpoints.values()))

    @property
    def is_extractive(self) -> bool:
        """Whether no language model is behind what tenants get that chose nothing."""
        return self.first.is_extractive

    def _default(self) -> list[EndpointConfig]:
        if self.base_url is None:
            return []
        offer = ModelOffer(self.model or "")
        return [EndpointConfig(DEFAULT_NAME, self.base_url, (offer,), self.api_key)]
