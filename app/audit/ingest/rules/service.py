"""The rules of ingestion, with their bounds, and changing them."""

from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import bindparam, select

from app.audit.ingest.rules.models import IngestionRules
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import InvalidInput
from app.kernel.tenant_wall import tenant_in_scope
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

PER_MINUTE: Final = (60, 600_000)
PER_DAY: Final = (1_000, 100_000_000)
DAYS: Final = (1, 90)


@dataclass(frozen=True, slots=True)
class Rules:
    """How events are taken in. The two numbers of events are for each API key.

    `registered_types_only` refuses events whose type nobody registered; otherwise they are
    stored as unregistered. `quarantine_days` is how long a refused event waits to be replayed.
    """

    registered_types_only: bool = False
    events_per_minute: int = 600_000
    events_per_day: int = 20_000_000
    quarantine_days: int = 30


_KEPT = IngestionRules.__table__.columns
# Made once, and of bare columns: every batch of events begins with it.
_OF_TENANT = select(*(_KEPT[field.name] for field in fields(Rules))).where(
    _KEPT.tenant_id == bindparam("tenant")
)


def get_rules() -> Rules:
    """Return the rules of the tenant in scope."""
    row = current_session().execute(_OF_TENANT, {"tenant": tenant_in_scope()}).one_or_none()
    return Rules() if row is None else Rules(*row)


@command(requires=Permission.SETTING_UPDATE, audit=AuditTag.SETTING_UPDATED)
def update_rules(actor: Actor, rules: Rules) -> Done[None]:
    """Change how the tenant takes events in; in force from the next request on.

    Raises `InvalidInput` for a number out of its bounds.
    """
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(rules, name) <= most:
            raise InvalidInput(f"{name.replace('_', ' ').capitalize()}: {least:,} to {most:,}.")
    before, session = get_rules(), current_session()
    session.merge(
        IngestionRules(
            tenant_id=actor.tenant,
            **{field.name: getattr(rules, field.name) for field in fields(rules)},
        )
    )
    changes = {
        field.name: Change(_words(getattr(before, field.name)), _words(getattr(rules, field.name)))
        for field in fields(rules)
        if getattr(before, field.name) != getattr(rules, field.name)
    }
    target = Target("tenant", str(actor.tenant), "Ingestion rules")
    return Done(None, targets=(target,), changes=changes)


def _words(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


_BOUNDS: Final = {
    "events_per_minute": PER_MINUTE,
    "events_per_day": PER_DAY,
    "quarantine_days": DAYS,
}
