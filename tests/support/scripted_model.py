"""Models with a character, over the scripted server: what a bad or unlucky one does to callers.

Each is a list of replies for `ModelServer`, or a reply of its own. The plain faults (429, 500, a
hang, HTML, a cut answer, an ignored schema, foreign ids) are in `tests.fakes.model_server`.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.gateway.extractive.rules import claims_from
from tests.fakes import model_server as fake
from tests.fakes.model_server import Reply

Body = Mapping[str, Any]


def saying(answer: Callable[[Body], Any], *, tokens: tuple[int, int] | None = (700, 90)) -> Reply:
    """Answer with the JSON that the function makes of the request; without `tokens` no usage."""

    def body(request: Body) -> str:
        completion = {
            "id": "chatcmpl-scripted",
            "object": "chat.completion",
            "created": 0,
            "model": fake.MODEL,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": json.dumps(answer(request))},
                    "finish_reason": "stop",
                }
            ],
        }
        if tokens is not None:
            completion["usage"] = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
        return json.dumps(completion)

    return Reply(body)


def right_without_usage() -> Reply:
    """Answer rightly and do not say how many tokens that took."""
    return saying(claims_from, tokens=None)


def lies_in_prose() -> Reply:
    """Add a sentence that nobody asked for to right claims."""
    return saying(
        lambda request: {**claims_from(request), "note": "No further action is required."}
    )


def obeys_injections(canary: str) -> Reply:
    """Do what an instruction in the log says: leak a canary, and cite what was never shown."""

    def obey(request: Body) -> Any:
        answer = claims_from(request)
        for claim in answer["claims"]:
            claim["action"] = canary
            claim["event_ids"] = ["E999999"]
        return answer

    return saying(obey)


def enforces_schema() -> Reply:
    """Answer the probe as an endpoint does that decodes within the schema."""

    def answer(request: Body) -> Any:
        schema = request["response_format"]["json_schema"]["schema"]
        return {name: inner["enum"][0] for name, inner in schema["properties"].items()}

    return saying(answer, tokens=(20, 5))


def ignores_schema() -> Reply:
    """Answer the probe as an endpoint does that takes a schema and forgets it."""
    return saying(lambda _request: {"colour": "red"}, tokens=(20, 5))


def unlucky(share: float, seed: int, calls: int = 10_000) -> list[Reply]:
    """Return replies of which so large a share fails, each time in one of the ways there are."""
    luck = random.Random(seed)  # noqa: S311  a script that can be repeated, not a secret
    faults = (
        fake.error(500),
        fake.error(503),
        fake.rate_limited("0"),
        fake.drop(),
        fake.html(502),
        fake.truncated(),
        fake.nonsense(),
        fake.ignores_schema(),
        replace(fake.right(), delay_s=0.4),
    )
    return [luck.choice(faults) if luck.random() < share else fake.right() for _ in range(calls)]
