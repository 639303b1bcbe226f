"""What an installation decides about its model endpoint."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The endpoint that prompts go to. `base_url` None means the built-in extractive provider.

    `deadline_s` bounds a whole call, retries included.
    """

    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    model: str | None = None
    deadline_s: float = 60.0

    @property
    def is_extractive(self) -> bool:
        return self.base_url is None
