"""Changing what calls may take in a month."""

from app.gateway.budgets.accounts import Limits, get_limits
from app.gateway.budgets.models import ModelBudget
from app.gateway.purposes import Purpose
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import current_session
from app.kernel.problems import InvalidInput
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

# Beyond it a number is a mistake, and beyond 2**63 no column holds it.
MOST = 10**15
NO_LIMIT = "no limit"


@command(requires=Permission.MODEL_UPDATE, audit=AuditTag.MODEL_BUDGET_UPDATED)
def update_budget(actor: Actor, purpose: Purpose, limits: Limits) -> Done[None]:
    """Change the most of a month for a purpose; in force from the next call on.

    What is used already stays used: a limit below it lets nothing more through this month. Zero
    lets nothing through at all. Raises `InvalidInput` for a number out of its bounds.
    """
    for number in (limits.tokens, limits.micros):
        if number is not None and not 0 <= number <= MOST:
            raise InvalidInput(f"A budget is 0 to {MOST:,}.")
    before = get_limits(purpose.value)
    current_session().merge(
        ModelBudget(
            tenant_id=actor.tenant,
            purpose=purpose.value,
            monthly_tokens=limits.tokens,
            monthly_micros=limits.micros,
            changed_at=clock.now(),
        )
    )
    changes = {}
    if before.tokens != limits.tokens:
        changes["monthly_tokens"] = Change(_words(before.tokens), _words(limits.tokens))
    if before.micros != limits.micros:
        changes["monthly_micros"] = Change(_words(before.micros), _words(limits.micros))
    return Done(
        None,
        targets=(Target("tenant", str(actor.tenant), "Models"),),
        changes=changes,
        metadata={"purpose": purpose.value},
    )


def _words(limit: int | None) -> str:
    return NO_LIMIT if limit is None else str(limit)
