"""How many events match: from the counts, by looking at few, or as far as a sample tells."""

from sqlalchemy import func, select

from app.audit.asking import ask, count_events_in
from app.audit.axis import axis_of, strata_of
from app.audit.rollups.reading import count_in, knows
from app.audit.search.matches import find_matches
from app.kernel.collections.declaration import Count, Exactness, Moment
from app.kernel.database import current_session
from app.kernel.query_language.query import Query


def count_matches(query: Query, moment: Moment) -> Count:
    """Return how many events match a query, in bounded time."""
    question = ask(query, moment)
    if knows(query):
        return Count(sum(count_in(query, span) for span in question.spans))
    axis = axis_of(question, moment.now)
    if not axis:
        return Count(0)
    found = find_matches(question, count_events_in(question), strata_of(axis))
    number = current_session().scalar(select(func.sum(found.source.c.weight))) or 0
    return Count(round(number), Exactness.EXACT if found.is_exact else Exactness.ABOUT)
