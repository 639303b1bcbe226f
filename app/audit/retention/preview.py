"""What would go when: counted in the log itself, within a time limit."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, func, not_, or_, select

from app.audit.models import AuditEvent
from app.audit.retention.classes import CLASSES, RetentionClass
from app.audit.retention.deletion.selecting import IS_RECORD, cutoff_of, end_of
from app.audit.retention.holds.scope import is_held, list_in_force
from app.audit.retention.rules import Days
from app.audit.time_limit import TookTooLong, time_limit
from app.kernel.database import current_session

# Days from now for which the preview says how much will be over by then.
HORIZONS = (0, 7, 30, 90)
LIMIT_MS = 3_000


@dataclass(frozen=True, slots=True)
class ClassPreview:
    """How many events of a class are over now and after each later horizon, all those included.

    `held` are those over now that a hold keeps; they are among `over`.
    """

    kind: RetentionClass
    days: int
    over: tuple[int, ...]
    held: int

    @property
    def now(self) -> int:
        """How many would be deleted this night."""
        return self.over[0] - self.held


def preview(days: Days, now: dt.datetime) -> list[ClassPreview] | None:
    """Return what rules would delete when; None when counting took longer than `LIMIT_MS`.

    Sealed events only: what is not sealed yet is younger than any rule.
    """
    try:
        with time_limit(LIMIT_MS):
            return [_preview_of(kind, days[kind.name], now) for kind in CLASSES]
    except TookTooLong:
        return None


def _preview_of(kind: RetentionClass, days: int, now: dt.datetime) -> ClassPreview:
    cutoffs = [cutoff_of(now + dt.timedelta(days=later), days) for later in HORIZONS]
    received = AuditEvent.received_at
    is_over = [func.count().filter(received < cutoff) for cutoff in cutoffs]
    # Whether a hold covers an event is asked of those that are over, and of no others.
    held = func.count().filter(and_(received < cutoffs[0], is_held(list_in_force())))
    statement = select(*is_over, held).where(
        AuditEvent.retention == kind.name,
        AuditEvent.leaf < end_of(cutoffs[-1]),
        or_(*(received < cutoff for cutoff in cutoffs)),
        not_(IS_RECORD),
    )
    *over, kept = current_session().execute(statement).one()
    return ClassPreview(kind, days, tuple(over), kept)
