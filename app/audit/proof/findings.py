"""What checks of the seal find: kept for the page, and told to the log when something is wrong."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.audit.proof.models import AuditSealCheck
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Done, Outcome, Target, command
from app.kernel.database import current_session, scope_of, unit_of_work
from app.kernel.ids import uuid7
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

log = logging.getLogger(__name__)


class CheckKind(StrEnum):
    """Which check: the one of the night, or the one before each sealing."""

    NIGHTLY = "nightly"
    SEALING = "sealing"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of a log of `size` sealed events found; `problem` is None when all is right.

    `first_leaf` up to and without `end_leaf` were read again.
    """

    kind: CheckKind
    size: int
    first_leaf: int
    end_leaf: int
    problem: str | None


def record_finding(actor: Actor, finding: Finding) -> None:
    """Keep what a check found; a problem that was not there before goes into the log as well."""
    last = find_last_check(finding.kind)
    before = last.problem if last else None
    if finding.problem is not None and finding.problem != before:
        try:
            record_broken_seal(actor, finding)
        except DBAPIError:
            # A log may be broken in a way that lets it take no event; the page still has to say so.
            log.exception("broken_seal_not_in_the_log")
            with unit_of_work():
                _keep(finding)
    elif finding.kind is CheckKind.NIGHTLY or finding.problem != before:
        # The check before each sealing would fill the table; only its turns are kept.
        with unit_of_work():
            _keep(finding)


@command(requires=Permission.AUDIT_EVENT_CREATE, audit=AuditTag.AUDIT_SEAL_BROKEN)
def record_broken_seal(actor: Actor, finding: Finding) -> Done[None]:
    """Write into the log that it is not what was sealed, and what was found."""
    del actor  # recorded by the wrapper
    _keep(finding)
    return Done(
        None,
        targets=(Target("audit_log", str(scope_of(current_session()).tenant_id), "Audit log"),),
        outcome=Outcome.FAILURE,
        reason=finding.problem,
        metadata={"check": finding.kind.value, "sealed": finding.size},
    )


def find_last_check(kind: CheckKind) -> AuditSealCheck | None:
    """Return the newest check of that kind of the tenant in scope."""
    statement = (
        select(AuditSealCheck)
        .where(AuditSealCheck.kind == kind.value)
        .order_by(AuditSealCheck.checked_at.desc(), AuditSealCheck.id.desc())
        .limit(1)
    )
    return current_session().scalars(statement).first()


def _keep(finding: Finding) -> None:
    row = AuditSealCheck(
        id=uuid7(),
        kind=finding.kind.value,
        checked_at=clock.now(),
        size=finding.size,
        first_leaf=finding.first_leaf,
        end_leaf=finding.end_leaf,
        problem=finding.problem,
    )
    current_session().add(row)
