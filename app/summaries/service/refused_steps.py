"""Writing down that a step was refused, after it has left nothing behind."""

import re
from uuid import UUID

from app.kernel.actor import Actor
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.problems import Problem
from app.kernel.records import get_record
from app.summaries.locking import target_of
from app.summaries.models import Summary
from app.tenancy.queries import get_tenant
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
MAX_REASON = 1_000


@command(requires=Permission.SUMMARY_READ, audit=AuditTag.SUMMARY_STEP_REFUSED)
def record_refusal(
    actor: Actor, problem: Problem, *, step: str, summary_id: UUID | None = None
) -> Done[None]:
    """Write into the log that somebody tried a step and why it was refused.

    `step` is what they tried, in a word. Without a summary it was the asking for one. What is
    refused for a missing permission is recorded by the guard of the page.
    """
    if summary_id is None:
        target = Target("tenant", str(actor.tenant), get_tenant(actor.tenant).name)
    else:
        target = target_of(get_record(Summary, summary_id))
    code = _INNER_CAPITAL.sub("_", type(problem).__name__).lower()
    return Done(
        None,
        targets=(target,),
        outcome=Outcome.DENIED,
        reason=problem.detail[:MAX_REASON],
        metadata={"step": step, "code": code},
    )
