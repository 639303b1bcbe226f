"""One exchange with an endpoint, as values: what is asked, what comes back, how it fails."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from app.gateway.errors import FailureCode
from app.gateway.prompt_files import Prompt


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation; `role` is `system` or `user`."""

    role: str
    content: str

    def as_json(self) -> dict[str, str]:
        return {"role": self.role, "content": self.content}


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What an endpoint is asked. `parameters` are those of the prompt: temperature and so on."""

    call_id: UUID
    messages: tuple[Message, ...]
    schema_name: str
    schema: Mapping[str, Any]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What an endpoint answered; token counts are None where it does not report them."""

    text: str
    model: str | None
    finish_reason: str | None
    tokens_in: int | None
    tokens_out: int | None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class TokensUsed:
    """What an endpoint says that it took; None where it does not say."""

    tokens_in: int | None = None
    tokens_out: int | None = None


UNKNOWN_COST = TokensUsed()


def build_request(
    call_id: UUID, prompt: Prompt, content: Mapping[str, Any], schema: Mapping[str, Any]
) -> ChatRequest:
    """Return the request of a call: the prompt's text, then the content as JSON."""
    return ChatRequest(
        call_id=call_id,
        messages=(
            Message("system", prompt.text),
            Message("user", json.dumps(content, ensure_ascii=False, separators=(",", ":"))),
        ),
        schema_name=prompt.output_schema,
        schema=schema,
        parameters=prompt.parameters,
    )


class AttemptFailedError(RuntimeError):
    """One try came to nothing. `note` is for the ledger: technical, one line, no secret.

    `may_pass` says that the same request may well succeed a moment later. `parameter` names the
    request parameter that the endpoint does not know, `text` is what it sent in place of an
    answer, where there was anything. `cost` is there where the endpoint may have worked on it all
    the same.
    """

    def __init__(
        self,
        code: FailureCode,
        note: str,
        *,
        may_pass: bool = False,
        retry_after_s: float | None = None,
        parameter: str | None = None,
        request_id: str | None = None,
        text: str | None = None,
        cost: TokensUsed | None = None,
    ) -> None:
        super().__init__(note)
        self.code = code
        self.note = note
        self.may_pass = may_pass
        self.retry_after_s = retry_after_s
        self.parameter = parameter
        self.request_id = request_id
        self.text = text
        self.cost = cost


class Endpoint(Protocol):
    """Whatever answers chat requests."""

    def ask(self, request: ChatRequest, timeout_s: float) -> ChatAnswer:
        """Return the answer within `timeout_s` seconds; raises `AttemptFailedError`."""
        ...
