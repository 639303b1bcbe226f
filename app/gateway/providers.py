"""Who answers: a model of an endpoint, or the rules that are built in."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.gateway.endpoints.config import EndpointConfig
from app.gateway.extractive.transport import EXTRACTIVE_LABEL, EXTRACTIVE_URL

EXTRACTIVE = "extractive"
COMPATIBLE = "openai-compatible"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who answers calls: `kind` and `endpoint` as the ledger keeps them, `model` as asked for.

    `endpoint` is an address without any user name, password or query; `name` is what the
    operator calls it.
    """

    kind: str
    endpoint: str
    model: str
    name: str = ""

    @property
    def is_extractive(self) -> bool:
        """Whether no language model is behind it."""
        return self.kind == EXTRACTIVE

    @property
    def label(self) -> str:
        """The name for people, to stand wherever its output does."""
        if self.is_extractive:
            return EXTRACTIVE_LABEL
        return f"{self.model} at {urlsplit(self.endpoint).netloc or self.name}"


def provider_of(endpoint: EndpointConfig, model: str) -> Provider:
    """Return who answers when this model of the endpoint is asked."""
    if endpoint.base_url is None:
        return Provider(EXTRACTIVE, EXTRACTIVE_URL, model, endpoint.name)
    url = urlsplit(endpoint.base_url)
    host = url.netloc.rpartition("@")[2]
    address = f"{url.scheme}://{host}{url.path}" if host else ""
    return Provider(COMPATIBLE, address, model, endpoint.name)
