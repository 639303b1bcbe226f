"""Reading what an endpoint sent: nothing in it is believed before it was looked at."""

import json
import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

from app.gateway.chat import UNKNOWN_COST, AttemptFailedError, ChatAnswer, TokensUsed
from app.gateway.errors import FailureCode

CUT_OFF = "length"
FILTERED = "content_filter"
_NOTE_LENGTH = 200
_MAX_TOKENS = 2**31 - 1  # what the ledger's column holds
# Reviewers read the name of a model, and the log keeps it: it is no place for a text.
_NAME = re.compile(r"[A-Za-z0-9][\w.:/@+-]{0,127}", re.ASCII)


def read_completion(text: str, request_id: str | None = None) -> ChatAnswer:
    """Return the answer inside a chat completion; raises `AttemptFailedError`.

    Only the text is demanded; usage and model are taken where they are of the right form. A cut
    off answer fails even if it parses, because what it lacks cannot be known.
    """
    completion = read_object(text)
    choice = _first_choice(completion)
    if completion is None or choice is None:
        raise AttemptFailedError(
            FailureCode.NONSENSE,
            "not a chat completion",
            request_id=request_id,
            text=text,
            cost=UNKNOWN_COST,
        )
    message = choice.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    usage = completion.get("usage")
    answer = ChatAnswer(
        text=content if isinstance(content, str) else "",
        model=_name(completion.get("model")),
        finish_reason=_name(choice.get("finish_reason")),
        tokens_in=_count(usage, "prompt_tokens"),
        tokens_out=_count(usage, "completion_tokens"),
        request_id=request_id,
    )
    _demand_whole(answer, message)
    return answer


def read_data(answer: ChatAnswer, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON of an answer, checked against the schema that was sent with the request.

    Endpoints that accept a schema and ignore it exist, so this never trusts them. Raises
    `AttemptFailedError` with code `nonsense`, naming the first place that does not fit.
    """
    data = read_object(answer.text)
    if data is None:
        raise _nonsense(answer, "not one JSON object")
    try:
        error = next(Draft202012Validator(schema).iter_errors(data), None)
    except RecursionError:
        raise _nonsense(answer, "nested too deeply") from None
    if error is not None:
        raise _nonsense(answer, f"does not fit the schema at {error.json_path}: {error.validator}")
    return data


def _demand_whole(answer: ChatAnswer, message: object) -> None:
    if answer.finish_reason == CUT_OFF:
        raise _unusable(answer, FailureCode.TRUNCATED, "finish_reason is length")
    declined = isinstance(message, dict) and bool(message.get("refusal"))
    if answer.finish_reason == FILTERED or declined:
        raise _unusable(answer, FailureCode.DECLINED, "the model declined")


def _nonsense(answer: ChatAnswer, note: str) -> AttemptFailedError:
    return _unusable(answer, FailureCode.NONSENSE, note[:_NOTE_LENGTH])


def _unusable(answer: ChatAnswer, code: FailureCode, note: str) -> AttemptFailedError:
    return AttemptFailedError(
        code,
        note,
        request_id=answer.request_id,
        text=answer.text,
        cost=TokensUsed(answer.tokens_in, answer.tokens_out),
    )


def read_object(text: str) -> dict[str, Any] | None:
    """Return the one JSON object that the text is; None for anything else."""
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_number
        )
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Of a key that comes twice, parsers keep one or the other; an answer must mean one thing.
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise ValueError("A key comes twice.")
    return unique


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON.")


def _number(literal: str) -> int | float:
    # JSON Schema counts 3.0 as an integer, and so does what reads the claims.
    value = float(literal)
    return int(value) if value.is_integer() else value


def _first_choice(completion: Mapping[str, Any] | None) -> dict[str, Any] | None:
    choices = completion.get("choices") if completion is not None else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None
    return choices[0]


def _name(value: object) -> str | None:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else None


def _count(usage: object, name: str) -> int | None:
    value = usage.get(name) if isinstance(usage, dict) else None
    is_count = isinstance(value, int) and 0 <= value <= _MAX_TOKENS
    return value if is_count else None
