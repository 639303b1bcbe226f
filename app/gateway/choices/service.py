"""Deciding about models, in the tenant in scope."""

from app.gateway.choices.models import ModelChoice, ModelEgress
from app.gateway.choices.policy import (
    Choice,
    ModelPolicy,
    Withheld,
    get_policy,
    list_choices,
    list_withheld,
)
from app.gateway.endpoints.stops import find_tenant_stop
from app.gateway.gateway import gateway_settings
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import InvalidInput, Refused
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

CALLS_BOUNDS = (1, 6_000)
MAX_FALLBACKS = 3
MAX_REASON = 500

INSTALLATION_FIRST = "the installation's first"
NONE = "none"


@command(requires=Permission.MODEL_UPDATE, audit=AuditTag.MODEL_CHOICE_UPDATED)
def update_policy(actor: Actor, policy: ModelPolicy) -> Done[None]:
    """Change which model answers, what it falls back to, and how many calls a minute there are.

    In force from the next call on. Raises `InvalidInput` for a model that the operator does not
    offer, for one that stands twice, and for a number out of its bounds.
    """
    _demand_offered(policy)
    least, most = CALLS_BOUNDS
    if not least <= policy.calls_per_minute <= most:
        raise InvalidInput(f"Calls a minute: {least:,} to {most:,}.")
    before, row = get_policy(), _own_row(actor)
    row.endpoint = policy.chosen.endpoint if policy.chosen else None
    row.model = policy.chosen.model if policy.chosen else None
    row.fallbacks = [one.as_json() for one in policy.fallbacks]
    row.calls_per_minute = policy.calls_per_minute
    old, new = _words(before), _words(policy)
    changes = {name: Change(old[name], new[name]) for name in new if old[name] != new[name]}
    return Done(None, targets=(target_of(actor),), changes=changes)


@command(requires=Permission.MODEL_UPDATE, audit=AuditTag.MODEL_EGRESS_UPDATED)
def update_egress(actor: Actor, endpoint: str, withheld: Withheld) -> Done[None]:
    """Change which groups of fields may not leave for an endpoint; in force from the next call on.

    Raises `InvalidInput` for an endpoint that the operator does not have, and for the built-in
    one, for which nothing leaves.
    """
    known = gateway_settings().endpoints.get(endpoint)
    if known is None or known.is_extractive:
        raise InvalidInput("That is no endpoint that anything leaves for.")
    before = list_withheld().get(endpoint, frozenset())
    current_session().merge(
        ModelEgress(
            tenant_id=actor.tenant,
            endpoint=endpoint,
            withheld=sorted(group.value for group in withheld),
            changed_at=clock.now(),
        )
    )
    change = Change(withheld_words(before), withheld_words(withheld))
    return Done(
        None,
        targets=(target_of(actor),),
        changes={"withheld": change} if before != withheld else {},
        metadata={"endpoint": endpoint},
    )


@command(requires=Permission.MODEL_UPDATE, audit=AuditTag.MODEL_STOPPED)
def stop_models(actor: Actor, reason: str) -> Done[None]:
    """Let nothing of this tenant go to a model any more, from the next try on.

    What is built in goes on, because nothing leaves for it. Raises `Refused` when that is so
    already, `InvalidInput` without a reason.
    """
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInput(f"Say why, in at most {MAX_REASON} characters.")
    if find_tenant_stop() is not None:
        raise Refused("Calls to models are stopped here already.")
    row = _own_row(actor)
    row.stop_reason, row.stopped_by, row.stopped_at = reason, actor.name, clock.now()
    return Done(None, targets=(target_of(actor),), reason=reason)


@command(requires=Permission.MODEL_UPDATE, audit=AuditTag.MODEL_STARTED)
def start_models(actor: Actor) -> Done[None]:
    """End the stop of this tenant; the operator's own stays. Raises `Refused` without one."""
    if find_tenant_stop() is None:
        raise Refused("Calls to models are not stopped here.")
    row = _own_row(actor)
    row.stop_reason = row.stopped_by = row.stopped_at = None
    return Done(None, targets=(target_of(actor),))


def target_of(actor: Actor) -> Target:
    """Return what these commands act on, for the log."""
    return Target("tenant", str(actor.tenant), "Models")


def withheld_words(withheld: Withheld) -> str:
    """Return what is withheld as people read it."""
    return ", ".join(sorted(group.value for group in withheld)) or NONE


def _demand_offered(policy: ModelPolicy) -> None:
    offered = set(list_choices(gateway_settings()))
    wanted = [*([policy.chosen] if policy.chosen else []), *policy.fallbacks]
    if len(policy.fallbacks) > MAX_FALLBACKS:
        raise InvalidInput(f"At most {MAX_FALLBACKS} fallbacks.")
    for one in wanted:
        if one not in offered:
            raise InvalidInput(f"{one.words[:120]} is not offered here; choose from the list.")
    if len(set(wanted)) < len(wanted):
        raise InvalidInput("A model stands twice; choose each once.")


def _own_row(actor: Actor) -> ModelChoice:
    """Return the tenant's row, made where it has decided nothing yet."""
    session = current_session()
    found = session.get(ModelChoice, actor.tenant, with_for_update=True, populate_existing=True)
    if found is None:
        default = ModelPolicy()
        found = ModelChoice(
            tenant_id=actor.tenant, fallbacks=[], calls_per_minute=default.calls_per_minute
        )
        session.add(found)
    return found


def _words(policy: ModelPolicy) -> dict[str, str]:
    return {
        "model": _choice_words(policy.chosen),
        "fallbacks": ", ".join(one.words for one in policy.fallbacks) or NONE,
        "calls_per_minute": str(policy.calls_per_minute),
    }


def _choice_words(choice: Choice | None) -> str:
    return INSTALLATION_FIRST if choice is None else choice.words
