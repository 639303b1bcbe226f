"""Answers chat requests inside the process, in place of a network."""

import json
from typing import Any

import httpx2

from app.gateway.extractive.rules import NotAnswerableError, claims_from

EXTRACTIVE_MODEL = "extractive@2"
EXTRACTIVE_LABEL = "extractive baseline, no language model"
# Reserved by RFC 2606: it can never be the address of anything.
EXTRACTIVE_URL = "http://extractive.invalid/v1"

_NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class ExtractiveTransport(httpx2.BaseTransport):
    """Takes exactly the request that a model's endpoint would get, and answers it by rules."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not request.url.path.endswith("/chat/completions"):
            return _refusal(404, "The built-in provider only completes chats.")
        try:
            answer = claims_from(json.loads(request.read()))
        except NotAnswerableError as error:
            return _refusal(400, str(error))
        return httpx2.Response(200, json=completion_of(json.dumps(answer)))


def completion_of(text: str) -> dict[str, Any]:
    """Return a chat completion that says the text, in the form of the chat completions API."""
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-extractive",
        "object": "chat.completion",
        "created": 0,
        "model": EXTRACTIVE_MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": _NO_TOKENS,
    }


def _refusal(status: int, message: str) -> httpx2.Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return httpx2.Response(status, json={"error": error})
