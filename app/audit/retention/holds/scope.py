"""Which events are under hold, as SQL."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from app.audit.collection import AUDIT_LOG
from app.audit.reading.windows import query_of
from app.audit.retention.holds.models import LegalHold
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import conditions
from app.kernel.database import current_session


def list_in_force() -> tuple[LegalHold, ...]:
    """Return the holds of the tenant in scope that are not released, oldest first."""
    statement = (
        select(LegalHold).where(LegalHold.released_at.is_(None)).order_by(LegalHold.placed_at)
    )
    return tuple(current_session().scalars(statement))


def is_held(holds: Iterable[LegalHold]) -> ColumnElement[bool]:
    """Return the condition on events that at least one of the holds covers them.

    Never NULL: where a hold cannot say whether it covers an event, it does not match it, as in
    the list of the log. A hold whose query can no longer be read covers everything.
    """
    covered = [_covers(hold) for hold in holds]
    return func.coalesce(or_(*covered), False) if covered else false()


def _covers(hold: LegalHold) -> ColumnElement[bool]:
    query = query_of(hold.query)
    if query.errors or not query.terms:
        return true()
    moment = Moment(hold.placed_at, ZoneInfo(hold.zone))
    return and_(*conditions(AUDIT_LOG, query, moment))
