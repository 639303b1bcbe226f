"""How many days each class means in the tenant in scope, and changing that."""

from collections.abc import Mapping

from sqlalchemy import select

from app.audit.retention.classes import BY_NAME, CLASSES
from app.audit.retention.models import RetentionRule
from app.audit.tenant_lock import lock_in_tenant
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import InvalidInput
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

# One at a time in a tenant: whoever deletes, holds, or changes the rules.
RETENTION_LOCK = "retention"

Days = Mapping[str, int]


def get_days() -> dict[str, int]:
    """Return how many days each class means, by its name."""
    decided = {row.retention: row.days for row in current_session().scalars(select(RetentionRule))}
    return {one.name: decided.get(one.name, one.days) for one in CLASSES}


@command(requires=Permission.RETENTION_UPDATE, audit=AuditTag.RETENTION_UPDATED)
def update_days(actor: Actor, days: Days) -> Done[None]:
    """Change how many days classes mean; the next deletion goes by it.

    Raises `InvalidInput` for a number out of the bounds of its class.
    """
    for name, wanted in days.items():
        kind = BY_NAME[name]
        if not kind.least <= wanted <= kind.most:
            raise InvalidInput(f"{kind.label}: {kind.least:,} to {kind.most:,} days.")
    session = current_session()
    lock_in_tenant(session, RETENTION_LOCK)
    before = get_days()
    changed = {name: wanted for name, wanted in days.items() if wanted != before[name]}
    for name, wanted in changed.items():
        row = RetentionRule(
            tenant_id=actor.tenant, retention=name, days=wanted, changed_at=clock.now()
        )
        session.merge(row)
    return Done(
        None,
        targets=(Target("tenant", str(actor.tenant), "Retention"),),
        changes={name: Change(str(before[name]), str(wanted)) for name, wanted in changed.items()},
    )
