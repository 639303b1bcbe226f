"""Who answers: the endpoint that the settings name, or the rules that are built in."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.gateway.extractive.transport import EXTRACTIVE_LABEL, EXTRACTIVE_MODEL, EXTRACTIVE_URL
from app.gateway.settings import GatewaySettings

EXTRACTIVE = "extractive"
COMPATIBLE = "openai-compatible"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who answers calls: `kind` and `endpoint` as the ledger keeps them, `model` as asked for.

    `endpoint` is an address without any user name, password or query.
    """

    kind: str
    endpoint: str
    model: str

    @property
    def is_extractive(self) -> bool:
        """Whether no language model is behind it."""
        return self.kind == EXTRACTIVE

    @property
    def label(self) -> str:
        """The name for people, to stand wherever its output does."""
        if self.is_extractive:
            return EXTRACTIVE_LABEL
        return f"{self.model} at {urlsplit(self.endpoint).netloc}"


def provider_of(settings: GatewaySettings) -> Provider:
    """Return who answers under these settings."""
    if settings.base_url is None:
        return Provider(EXTRACTIVE, EXTRACTIVE_URL, EXTRACTIVE_MODEL)
    url = urlsplit(settings.base_url)
    host = url.netloc.rpartition("@")[2]
    return Provider(COMPATIBLE, f"{url.scheme}://{host}{url.path}", settings.model or "")
