"""Counting events for pages that only name a number."""

from app.audit.collection import AUDIT_LOG
from app.kernel import clock
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import COUNT_CAP, count_capped, matching
from app.kernel.query_language.query import parse
from app.kernel.standing import tenant_here


def count_events(query_text: str) -> int:
    """Return how many events of the tenant match a query of the log, up to the cap of counts."""
    moment = Moment(clock.now(), tenant_here().zone)
    query = parse(query_text, AUDIT_LOG.fields)
    return min(count_capped(matching(AUDIT_LOG, query, moment)), COUNT_CAP)
