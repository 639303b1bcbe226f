"""What the tenant in scope decided about models, and the way that a call goes by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.gateway.choices.models import ModelChoice, ModelEgress
from app.gateway.egress import FieldGroup
from app.gateway.endpoints.config import EndpointConfig, ModelOffer
from app.gateway.providers import Provider, provider_of
from app.gateway.settings import GatewaySettings
from app.kernel.database import current_session

CALLS_PER_MINUTE = 60

Withheld = frozenset[FieldGroup]


@dataclass(frozen=True, slots=True)
class Choice:
    """A model of an endpoint, by their names."""

    endpoint: str
    model: str

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Choice":
        return cls(str(found["endpoint"]), str(found["model"]))

    def as_json(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "model": self.model}

    @property
    def words(self) -> str:
        """The choice as people read it, and as the audit log keeps it."""
        return f"{self.endpoint}: {self.model}"


@dataclass(frozen=True, slots=True)
class ModelPolicy:
    """What a tenant decided. `chosen` None is whatever the installation has first."""

    chosen: Choice | None = None
    fallbacks: tuple[Choice, ...] = ()
    calls_per_minute: int = CALLS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Leg:
    """One model on the way of a call.

    `withheld` does not leave for it. `in_place_of` is the label of the first choice where this is
    a fallback. `is_there` is False for one that the operator no longer has.
    """

    endpoint: EndpointConfig
    offer: ModelOffer
    withheld: Withheld = frozenset()
    in_place_of: str | None = None
    is_there: bool = True

    @property
    def provider(self) -> Provider:
        return provider_of(self.endpoint, self.offer.name)


def get_policy() -> ModelPolicy:
    """Return what the tenant in scope decided; the defaults where it decided nothing."""
    row = current_session().scalar(select(ModelChoice).execution_options(populate_existing=True))
    if row is None:
        return ModelPolicy()
    chosen = None
    if row.endpoint is not None and row.model is not None:
        chosen = Choice(row.endpoint, row.model)
    fallbacks = tuple(Choice.from_json(one) for one in row.fallbacks)
    return ModelPolicy(chosen, fallbacks, row.calls_per_minute)


def list_withheld() -> dict[str, Withheld]:
    """Return what the tenant in scope withholds, by endpoint; one that is not there gets all."""
    rows = current_session().scalars(select(ModelEgress).execution_options(populate_existing=True))
    return {row.endpoint: frozenset(FieldGroup(name) for name in row.withheld) for row in rows}


def way_of(settings: GatewaySettings, only: Choice | None = None) -> tuple[Leg, ...]:
    """Return the models that a call of the tenant in scope asks, in order; at least one.

    `only` asks this one and no fallback, for callers that measure a model.
    """
    policy, withheld = get_policy(), list_withheld()
    first = only or policy.chosen or first_choice(settings)
    choices = dict.fromkeys([first] if only else [first, *policy.fallbacks])
    label = _leg(settings, first, withheld, None).provider.label
    return tuple(
        _leg(settings, choice, withheld, None if choice == first else label) for choice in choices
    )


def first_choice(settings: GatewaySettings) -> Choice:
    """Return what tenants get that chose nothing."""
    endpoint = settings.first
    return Choice(endpoint.name, endpoint.models[0].name)


def list_choices(settings: GatewaySettings) -> tuple[Choice, ...]:
    """Return every model that the operator offers, the built-in provider last."""
    return tuple(
        Choice(endpoint.name, offer.name)
        for endpoint in settings.endpoints.values()
        for offer in endpoint.models
    )


def _leg(
    settings: GatewaySettings,
    choice: Choice,
    withheld: Mapping[str, Withheld],
    in_place_of: str | None,
) -> Leg:
    endpoint = settings.endpoints.get(choice.endpoint)
    offer = endpoint.find_offer(choice.model) if endpoint is not None else None
    if endpoint is None or offer is None:
        gone = EndpointConfig(choice.endpoint, "", ())
        return Leg(gone, ModelOffer(choice.model), frozenset(), in_place_of, is_there=False)
    # Nothing leaves for what is built in.
    stays = frozenset() if endpoint.is_extractive else withheld.get(choice.endpoint, frozenset())
    return Leg(endpoint, offer, stays, in_place_of)
