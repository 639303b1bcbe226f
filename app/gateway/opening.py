"""What is known of a call before it is made, and what each model on its way is asked."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.gateway.chat import ChatRequest, build_request
from app.gateway.choices.policy import Leg
from app.gateway.egress import narrowed, without
from app.gateway.endpoints.config import TOKEN_LIMITS
from app.gateway.releases import ResolvedPrompt
from app.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Opening:
    """A call as its caller wants it: `legs` are the models that are asked, in order.

    `event_set_hash` is the caller's hash of the events that the content is about.
    """

    actor: Actor
    purpose: str
    resolved: ResolvedPrompt
    call_id: UUID
    content: Mapping[str, Any]
    schema: Mapping[str, Any]
    legs: tuple[Leg, ...]
    event_set_hash: str | None = None

    @property
    def request(self) -> ChatRequest:
        """The whole request, before anything is withheld: what makes the call this call."""
        return build_request(self.call_id, self.resolved.prompt, self.content, self.schema)

    def request_for(self, leg: Leg) -> ChatRequest:
        """Return what this model is asked: without what may not leave for it."""
        whole = build_request(
            self.call_id,
            self.resolved.prompt,
            without(self.content, leg.withheld),
            narrowed(self.schema, leg.withheld),
        )
        return dataclasses.replace(whole, parameters=_renamed(whole.parameters, leg))


def _renamed(parameters: Mapping[str, Any], leg: Leg) -> dict[str, Any]:
    wanted = leg.endpoint.token_limit
    return {wanted if name in TOKEN_LIMITS else name: value for name, value in parameters.items()}
