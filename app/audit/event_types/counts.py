"""How many events of a type came lately."""

import datetime as dt

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.kernel import clock
from app.kernel.collections.matching import COUNT_CAP, count_capped

DAYS = 30


def count_words(action: str) -> str:
    """Return how many events of an action happened in the last 30 days, counted to 10,000.

    Reads the index by action and no further than the cap, so it costs the same for every tenant.
    """
    since = clock.now() - dt.timedelta(days=DAYS)
    lately = select(AuditEvent).where(AuditEvent.action == action, AuditEvent.occurred_at >= since)
    count = count_capped(lately)
    return f"more than {COUNT_CAP:,}" if count > COUNT_CAP else f"{count:,}"
