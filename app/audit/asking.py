"""From a query of the log to what is asked of its index and its counts."""

from app.audit.collection import exact_conditions
from app.audit.rollups.reading import count_in
from app.audit.search.lexemes import mark_of
from app.audit.search.matches import Question
from app.audit.search.narrowing import TIME, narrow
from app.kernel.collections.declaration import Moment
from app.kernel.collections.spans import spans_of
from app.kernel.query_language.query import Query
from app.kernel.tenant_wall import tenant_in_scope

_ALL = Query((), (), "", ())


def ask(query: Query, moment: Moment) -> Question:
    """Return a query as windows of time, the SQL of the rest, and the words of the index."""
    tenant_id = tenant_in_scope()
    return Question(
        tenant_id,
        spans_of(query, TIME, moment),
        exact_conditions(query, moment),
        narrow(query, mark_of(tenant_id)),
    )


def count_events_in(question: Question) -> int:
    """Return how many events there are in the windows of a question, whatever matches."""
    return sum(count_in(_ALL, span) for span in question.spans)
