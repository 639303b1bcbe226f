"""Calls to models as a list page."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import Select, select

from app.gateway.budgets.money import money_words
from app.gateway.calls.presenting import status_badge, tokens_words
from app.gateway.errors import FailureCode
from app.gateway.models import ModelCall
from app.gateway.purposes import Purpose, label_of
from app.kernel.collections.declaration import (
    Cell,
    Collection,
    Column,
    EmptyWords,
    Filter,
    Preset,
    declare,
)
from app.kernel.collections.filters import begins_with, equals_any, within_time
from app.kernel.query_language.terms import Field, Kind
from app.kernel.times import time_cell


def _all() -> Select[ModelCall]:
    return select(ModelCall)


def _cost(call: ModelCall, _zone: ZoneInfo) -> Cell:
    if not call.tokens_charged:
        return "–"
    return money_words(call.micros_charged, call.currency or "")


def _model(call: ModelCall, _zone: ZoneInfo) -> Cell:
    name = f"{call.endpoint_name}: {call.model_asked}"
    return {"text": name, "sub": "fallback"} if call.in_place_of else name


def _choice(key: str, label: str, values: tuple[str, ...], hint: str) -> Field:
    return Field(key, label, Kind.CHOICE, values=values, hint=hint)


def _said(words: Callable[[ModelCall], Cell]) -> Callable[[ModelCall, ZoneInfo], Cell]:
    return lambda call, _zone: words(call)


MODEL_CALLS = declare(
    Collection(
        name="model-calls",
        title="Model calls",
        caption="Calls to models, newest first",
        noun=("call", "calls"),
        columns=(
            Column("started", "Made", lambda c, zone: time_cell(c.started_at, zone), type="time"),
            Column("purpose", "For", _said(lambda c: label_of(c.purpose))),
            Column("status", "Status", _said(status_badge), type="badge"),
            Column("model", "Model", _model, priority=2),
            Column("prompt", "Prompt", _said(lambda c: c.prompt), priority=3),
            Column("tokens", "Tokens", _said(tokens_words), type="num", priority=2),
            Column("cost", "Cost", _cost, type="num", priority=2),
        ),
        statement=_all,
        order=(ModelCall.started_at, ModelCall.id),
        sorted_by="started",
        row_id=lambda call: str(call.id),
        row_href=lambda call: url_for("model_calls.show", call_id=call.id),
        placeholder="Filter by purpose, model, status or code",
        filters=(
            Filter(
                _choice("purpose", "Purpose", tuple(Purpose), "summary or evaluation"),
                equals_any(ModelCall.purpose),
            ),
            Filter(
                Field("prompt", "Prompt", Kind.PREFIX, hint="audit-summary, audit-summary@v1"),
                begins_with(ModelCall.prompt),
            ),
            Filter(
                Field("model", "Model", Kind.TEXT, hint="the name of a model, or of an endpoint"),
                equals_any(ModelCall.model_asked, ModelCall.endpoint_name),
            ),
            Filter(
                _choice(
                    "status",
                    "Status",
                    ("started", "succeeded", "failed"),
                    "started, succeeded or failed",
                ),
                equals_any(ModelCall.status),
            ),
            Filter(
                _choice("code", "Code", tuple(FailureCode), "over_budget, too_slow, nonsense…"),
                equals_any(ModelCall.failure_code),
            ),
            Filter(
                Field("made", "Made", Kind.TIME, hint="24h, 2026-11-01, a..b"),
                within_time(ModelCall.started_at),
            ),
        ),
        presets=(
            Preset("Last 24 hours", "made:24h"),
            Preset("Last 7 days", "made:7d"),
            Preset("Last 30 days", "made:30d"),
        ),
        empty=EmptyWords(
            "No calls yet",
            "Every call to a model is listed here: what it took, and what came of it.",
        ),
    )
)
