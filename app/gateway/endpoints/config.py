"""An endpoint as the operator names it: an address, a key, and the models that it has."""

from dataclasses import dataclass, field

from app.gateway.extractive.transport import EXTRACTIVE_MODEL

EXTRACTIVE_NAME = "extractive"
DEFAULT_NAME = "default"
TOKEN_LIMITS = ("max_tokens", "max_completion_tokens")


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model of an endpoint. Prices are micro-units of the currency per million tokens.

    A price of None is not known: what such a model costs is not known either, and said so.
    """

    name: str
    price_in: int | None = None
    price_out: int | None = None

    @property
    def is_priced(self) -> bool:
        return self.price_in is not None and self.price_out is not None


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """An OpenAI-compatible endpoint; `base_url` None is the built-in extractive provider.

    `token_limit` is the name under which it takes the most tokens of an answer. The key is read
    from the environment and never stored or shown.
    """

    name: str
    base_url: str | None
    models: tuple[ModelOffer, ...]
    api_key: str | None = field(default=None, repr=False)
    token_limit: str = TOKEN_LIMITS[0]

    @property
    def is_extractive(self) -> bool:
        """Whether no language model is behind it, and nothing leaves for it."""
        return self.base_url is None

    def find_offer(self, model: str) -> ModelOffer | None:
        """Return the model of that name, or None where the endpoint has none.

        The built-in rules are one thing under a version: a choice of an older one means today's.
        """
        if self.is_extractive:
            return self.models[0]
        return next((offer for offer in self.models if offer.name == model), None)


EXTRACTIVE_ENDPOINT = EndpointConfig(
    EXTRACTIVE_NAME, None, (ModelOffer(EXTRACTIVE_MODEL, price_in=0, price_out=0),)
)
