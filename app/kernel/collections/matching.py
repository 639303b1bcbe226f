"""From a parsed query to SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, literal, not_, or_, select

from app.kernel.collections.declaration import Collection, Count, Exactness, Moment
from app.kernel.database import current_session
from app.kernel.query_language.query import Query
from app.kernel.query_language.terms import Condition, Term

COUNT_CAP = 10_000


def matching(collection: Collection[Any], query: Query, moment: Moment) -> Select[Any]:
    """Return the collection's statement narrowed to the query, in no order."""
    return collection.statement().where(*conditions(collection, query, moment))


def conditions(
    collection: Collection[Any], query: Query, moment: Moment, *, without: str | None = None
) -> list[ColumnElement[bool]]:
    """Return the SQL of a query: one condition each, to be joined by AND.

    `without` leaves one key of the query language out.
    """
    asked = (one for one in query.conditions() if without is None or one.key != without)
    return [_sql(collection, condition, moment) for condition in asked]


def count_matching(collection: Collection[Any], query: Query, moment: Moment) -> Count | None:
    """Return how many rows match: the collection's own way, or else up to `COUNT_CAP`.

    None where the collection's own way does not know without looking at too many rows.
    """
    if collection.count is not None:
        return collection.count(query, moment)
    found = count_capped(matching(collection, query, moment))
    return Count(COUNT_CAP, Exactness.MORE_THAN) if found > COUNT_CAP else Count(found)


def count_capped(statement: Select[Any], cap: int = COUNT_CAP) -> int:
    """Return how many rows match, counting no further than one past the cap.

    An exact count is linear in the rows; this stays flat however large the tenant is.
    """
    one = statement.with_only_columns(literal(1).label("one"), maintain_column_froms=True)
    inner = one.limit(cap + 1).subquery()
    return current_session().scalar(select(func.count()).select_from(inner)) or 0


def _sql(collection: Collection[Any], condition: Condition, moment: Moment) -> ColumnElement[bool]:
    alternatives = [_term_sql(collection, term, moment) for term in condition.terms]
    matched = or_(*alternatives) if len(alternatives) > 1 else alternatives[0]
    # A row without a value is not a match, so that it is one of the others.
    return not_(func.coalesce(matched, False)) if condition.negated else matched


def _term_sql(collection: Collection[Any], term: Term, moment: Moment) -> ColumnElement[bool]:
    if term.key is None:
        # Without a search of its own the list refuses free text while it reads the query.
        return collection.search(term) if collection.search else false()
    for filter_ in collection.filters:
        if filter_.field.key == term.key:
            return filter_.where(term, moment)
    raise RuntimeError(f"The list {collection.name} has no filter for {term.key}.")
