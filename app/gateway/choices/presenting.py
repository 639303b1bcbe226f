"""What a tenant decided about models, and how endpoints are doing, as the components show it."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from app.gateway.budgets.accounts import Account
from app.gateway.budgets.money import money_words
from app.gateway.choices.policy import Leg, Withheld
from app.gateway.choices.service import NONE, withheld_words
from app.gateway.endpoints.breaker import BreakerState, BreakerStatus
from app.gateway.endpoints.config import EndpointConfig, ModelOffer
from app.gateway.endpoints.models import ModelProbe
from app.gateway.endpoints.stops import Stop
from app.gateway.providers import Provider, provider_of
from app.gateway.purposes import label_of
from app.kernel.times import exact
from app.kernel.untrusted_text import single_line

Row = dict[str, Any]

_SHOWN = 300
_BREAKERS = {
    BreakerState.CLOSED: {"text": "no fault", "tone": "success"},
    BreakerState.OPEN: {"text": "left alone", "tone": "danger"},
    BreakerState.HALF_OPEN: {"text": "to be tried", "tone": "warning"},
}


def way_facts(way: Sequence[Leg], calls_per_minute: int) -> list[Row]:
    """Return who is asked, in order."""
    labels = [
        leg.provider.label if leg.is_there else f"{leg.provider.label} (not offered any more)"
        for leg in way
    ]
    return [
        {"label": "Answers", "value": labels[0]},
        {"label": "Fallbacks", "value": "; then ".join(labels[1:]) or NONE},
        {"label": "Calls a minute", "value": f"{calls_per_minute:,}"},
    ]


def stop_facts(stop: Stop, zone: ZoneInfo) -> list[Row]:
    """Return why nothing goes to a model now."""
    by = "whoever runs this installation" if stop.is_global else stop.stopped_by
    return [
        {"label": "Why", "value": single_line(stop.reason, _SHOWN)},
        {"label": "By", "value": by},
        {"label": "Since", "value": exact(stop.stopped_at, zone)},
        {"label": "Meanwhile", "value": "The built-in provider answers where it is chosen."},
    ]


def account_table(accounts: Sequence[Account], currency: str, *, may_change: bool) -> Row:
    """Return how the month stands, purpose by purpose."""
    return {
        "columns": [
            {"key": "purpose", "label": "For"},
            {"key": "used", "label": "Tokens used", "type": "num"},
            {"key": "reserved", "label": "Reserved", "type": "num"},
            {"key": "limit", "label": "Most tokens", "type": "num"},
            {"key": "cost", "label": "Cost", "type": "num"},
            {"key": "money", "label": "Most money", "type": "num", "priority": "2"},
            {"key": "calls", "label": "Calls", "type": "num", "priority": "2"},
        ],
        "rows": [_account(one, currency, may_change=may_change) for one in accounts],
    }


def egress_table(
    endpoints: Sequence[EndpointConfig], withheld: Mapping[str, Withheld], *, may_change: bool
) -> Row:
    """Return what stays here, endpoint by endpoint."""
    return {
        "columns": [
            {"key": "endpoint", "label": "Endpoint"},
            {"key": "withheld", "label": "Does not leave for it"},
        ],
        "rows": [
            {
                "id": f"fields-{one.name}",
                "cells": {
                    "endpoint": _linked(
                        one.name, url_for("models.fields", of=one.name), may_change=may_change
                    ),
                    "withheld": withheld_words(withheld.get(one.name, frozenset())),
                },
            }
            for one in endpoints
        ],
        "empty": "Nothing leaves",
        "empty_hint": "No endpoint is set up here; the built-in provider answers.",
    }


def endpoint_table(
    models: Sequence[tuple[EndpointConfig, ModelOffer]],
    breakers: Mapping[str, BreakerStatus],
    probes: Mapping[tuple[str, str], ModelProbe],
    currency: str,
) -> Row:
    """Return every model that the operator offers, and how its endpoint is doing."""
    return {
        "columns": [
            {"key": "model", "label": "Model"},
            {"key": "state", "label": "Endpoint", "type": "badge"},
            {"key": "schema", "label": "Schemas", "type": "badge"},
            {"key": "price_in", "label": "A million tokens in", "type": "num", "priority": "2"},
            {"key": "price_out", "label": "Out", "type": "num", "priority": "2"},
        ],
        "rows": [_model(one, offer, breakers, probes, currency) for one, offer in models],
    }


def _account(account: Account, currency: str, *, may_change: bool) -> Row:
    limits, taken = account.limits, account.used
    cost = money_words(taken.micros, currency)
    if account.unpriced and taken.micros is not None:
        cost = f"{cost}, and {account.unpriced:,} calls of unknown price"
    if not taken.tokens:
        cost = "nothing"
    change = url_for("models.budget", purpose=account.purpose)
    return {
        "id": f"budget-{account.purpose}",
        "cells": {
            "purpose": _linked(label_of(account.purpose), change, may_change=may_change),
            "used": f"{taken.tokens:,}",
            "reserved": f"{account.reserved.tokens:,}",
            "limit": "no limit" if limits.tokens is None else f"{limits.tokens:,}",
            "cost": cost,
            "money": "no limit" if limits.micros is None else money_words(limits.micros, currency),
            "calls": f"{account.calls:,}",
        },
    }


def _model(
    endpoint: EndpointConfig,
    offer: ModelOffer,
    breakers: Mapping[str, BreakerStatus],
    probes: Mapping[tuple[str, str], ModelProbe],
    currency: str,
) -> Row:
    provider = provider_of(endpoint, offer.name)
    breaker = breakers.get(provider.endpoint, BreakerStatus(BreakerState.CLOSED))
    found = probes.get((endpoint.name, offer.name))
    return {
        "id": f"model-{endpoint.name}-{offer.name}",
        "cells": {
            "model": {
                "text": f"{endpoint.name}: {offer.name}",
                "sub": _about(provider, found),
            },
            "state": _BREAKERS[BreakerState.CLOSED if endpoint.is_extractive else breaker.state],
            "schema": _schema_badge(endpoint, found),
            "price_in": _price(offer.price_in, currency),
            "price_out": _price(offer.price_out, currency),
        },
    }


def _about(provider: Provider, found: ModelProbe | None) -> str:
    if found is None or found.enforces_schema is not None:
        return provider.label
    return single_line(f"{provider.label}; when it was probed: {found.note}", _SHOWN)


def _price(micros: int | None, currency: str) -> str:
    return "not known" if micros is None else money_words(micros, currency)


def _schema_badge(endpoint: EndpointConfig, found: ModelProbe | None) -> dict[str, str]:
    if endpoint.is_extractive:
        return {"text": "enforced", "tone": "success"}
    if found is None:
        return {"text": "not probed yet", "tone": "neutral"}
    if found.enforces_schema is None:
        return {"text": "not known", "tone": "warning"}
    if found.enforces_schema:
        return {"text": "enforced", "tone": "success"}
    return {"text": "ignored", "tone": "warning"}


def _linked(words: str, href: str, *, may_change: bool) -> str | dict[str, str]:
    return {"text": words, "href": href} if may_change else words
