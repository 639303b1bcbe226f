"""A call to a model as the components show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.gateway.budgets.money import money_words
from app.gateway.errors import FailureCode, explain
from app.gateway.gateway import label_of as who_answered
from app.gateway.ledger import FAILED, SUCCEEDED
from app.gateway.models import ModelAnswer, ModelCall
from app.gateway.purposes import label_of
from app.kernel.times import exact, iso
from app.kernel.untrusted_text import single_line

Facts = list[dict[str, Any]]

_MS_PER_S = 1000
_SHOWN = 300
# As much of a message as a page shows; what was sent is far shorter.
_TEXT_SHOWN = 60_000
FORGOTTEN = "Not kept any more: its days are over."


def status_badge(call: ModelCall) -> dict[str, str]:
    """Return how a call went: what it failed with, where it failed."""
    if call.status == SUCCEEDED:
        return {"text": "succeeded", "tone": "success"}
    if call.status == FAILED and call.failure_code is not None:
        return {"text": FailureCode(call.failure_code).words, "tone": "danger"}
    return {"text": "under way", "tone": "info"}


def tokens_words(call: ModelCall) -> str:
    """Return what a call was charged in tokens."""
    return f"{call.tokens_charged:,}" if call.tokens_charged else "–"


def waited_words(call: ModelCall) -> str:
    """Return how long a call took, all tries together."""
    return "–" if call.latency_ms is None else f"{call.latency_ms / _MS_PER_S:.1f} s"


def call_title(call: ModelCall, zone: ZoneInfo) -> str:
    """Return what a call is called."""
    return f"Call for {label_of(call.purpose).lower()}, {exact(call.started_at, zone)}"


def outcome_facts(call: ModelCall, zone: ZoneInfo) -> Facts:
    """Return what was asked of whom, and what came of it."""
    facts = [
        _fact("Answers", single_line(who_answered(call), _SHOWN)),
        _fact("Model that answered", single_line(call.model_served or "–", _SHOWN)),
        _fact("Asked by", single_line(call.caller_name, _SHOWN)),
        _time("Made", call.started_at, zone),
        _fact("Took", waited_words(call)),
        _fact("Ended with", call.finish_reason or "–"),
    ]
    if call.failure_code is not None:
        code = FailureCode(call.failure_code)
        facts.insert(0, _fact("What happened", explain(code)))
        facts.insert(1, {"label": "Code", "code": code.value})
    return facts


def cost_facts(call: ModelCall) -> Facts:
    """Return what the call took, and what it holds of the budget while it is under way."""
    currency = call.currency or ""
    facts = [
        _fact("Tokens in", _number(call.tokens_in)),
        _fact("Tokens out", _number(call.tokens_out)),
        _fact("Charged", f"{call.tokens_charged:,} tokens"),
        _fact("Cost", money_words(call.micros_charged, currency) if call.tokens_charged else "–"),
    ]
    if call.tokens_reserved:
        reserved = f"{call.tokens_reserved:,} tokens"
        facts.append(_fact("Reserved", reserved))
    return facts


def evidence_facts(call: ModelCall) -> Facts:
    """Return what makes the call this call: hashes, parameters, what was withheld and hidden."""
    withheld = ", ".join(call.withheld) or "nothing"
    resolved = f"{call.prompt} ({call.prompt_label})" if call.prompt_label else call.prompt
    return [
        _fact("Prompt", resolved),
        {"label": "Hash of the prompt", "code": call.prompt_hash},
        {"label": "Hash of the schema", "code": call.schema_hash},
        {"label": "Hash of the request", "code": call.request_hash},
        {"label": "Hash of the answer", "code": call.output_hash or "–"},
        {"label": "Hash of the events", "code": call.event_set_hash or "–"},
        _fact("Parameters", _pairs(call.parameters)),
        _fact("Withheld", withheld),
        _fact("In place of names", _pairs(call.redactions) if call.redactions else "nothing"),
        _fact("Verdicts", _pairs(call.verdicts) if call.verdicts else "not checked"),
        {"label": "Call", "code": str(call.id)},
        {"label": "Request", "code": call.request_id or "–"},
    ]


def attempt_table(call: ModelCall) -> dict[str, Any]:
    """Return every try, in order."""
    return {
        "columns": [
            {"key": "number", "label": "Try", "type": "num"},
            {"key": "who", "label": "Asked"},
            {"key": "result", "label": "Result"},
            {"key": "breaker", "label": "Breaker", "priority": "3"},
            {"key": "tokens", "label": "Tokens", "type": "num", "priority": "2"},
            {"key": "took", "label": "Took", "type": "num"},
        ],
        "rows": [_attempt(number, one) for number, one in enumerate(call.attempts, start=1)],
        "empty": "Nothing was tried yet",
        "empty_hint": "The tries of a call are written down when it ends.",
    }


def text_blocks(text: ModelAnswer) -> list[dict[str, Any]]:
    """Return what was said, message by message; never as markup."""
    if text.emptied_at is not None:
        return [{"type": "paragraph", "text": FORGOTTEN}]
    said = [(_speaker(message), message.get("content", "")) for message in text.messages]
    said.append(("What came back", text.answer or "Nothing."))
    return [
        block
        for title, words in said
        for block in (
            {"type": "heading", "text": title},
            {"type": "code", "text": words[:_TEXT_SHOWN] or "Nothing."},
        )
    ]


def _attempt(number: int, one: Mapping[str, Any]) -> dict[str, Any]:
    code, note = one.get("error"), one.get("note")
    result: Any = "answered" if code is None else FailureCode(code).words
    tokens = (one.get("tokens_in") or 0) + (one.get("tokens_out") or 0)
    return {
        "id": f"attempt-{number}",
        "cells": {
            "number": number,
            "who": f"{one.get('endpoint') or '–'}: {one.get('model') or '–'}",
            "result": {"text": result, "sub": single_line(note, _SHOWN)} if note else result,
            "breaker": one.get("breaker") or "–",
            "tokens": f"{tokens:,}" if tokens else "–",
            "took": f"{one['ms'] / _MS_PER_S:.1f} s",
        },
    }


def _speaker(message: Mapping[str, str]) -> str:
    who = "Instructions" if message.get("role") == "system" else "Content"
    endpoint = message.get("endpoint")
    return f"{who}, as sent to {endpoint}" if endpoint else who


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "value": value}


def _time(label: str, at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {"label": label, "time": {"text": exact(at, zone), "datetime": iso(at)}}


def _number(value: int | None) -> str:
    return "not told" if value is None else f"{value:,}"


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) or "none"
