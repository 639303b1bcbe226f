"""Saying that a query asks for a time whose events are not all kept any more."""

import datetime as dt

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.reading.windows import hull
from app.audit.removal.models import AuditDeletedRun
from app.kernel.collections.declaration import Moment
from app.kernel.database import current_session
from app.kernel.query_language.query import Query
from app.kernel.times import exact

# Nothing is deleted sooner than that after it came in, so nobody needs to look.
YOUNG = dt.timedelta(days=7)


def kept_notice(query: Query, moment: Moment) -> str | None:
    """Return what a reader has to know of a query about a time that is over; None if nothing.

    An address is kept for longer than what it shows. It still says what was asked; this says why
    there may be less to see than there was.
    """
    start = hull(query, moment).start
    if start is None or start > moment.now - YOUNG:
        return None
    complete = find_complete_since()
    if complete is None or start >= complete:
        return None
    return (
        f"Events received before {exact(complete, moment.zone)} are no longer all kept: their time"
        " was over (see action:audit_event.deleted)."
    )


def find_complete_since() -> dt.datetime | None:
    """Return when the first event was received of which, and after which, none was deleted.

    None when none was ever deleted.
    """
    session = current_session()
    newest = select(AuditDeletedRun.end_leaf).order_by(AuditDeletedRun.first_leaf.desc()).limit(1)
    end = session.scalar(newest)
    if end is None:
        return None
    first = select(AuditEvent.received_at).where(AuditEvent.leaf >= end)
    return session.scalar(first.order_by(AuditEvent.leaf).limit(1))
