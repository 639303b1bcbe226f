"""Facets: which values the matching events have, and how many of them each."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ARRAY, String, func, select, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.audit.asking import ask, count_events_in
from app.audit.axis import axis_of, strata_of
from app.audit.rollups.reading import count_by_value, knows
from app.audit.search.matches import Matches, find_matches
from app.audit.time_limit import TookTooLong, time_limit
from app.kernel.collections.declaration import Moment
from app.kernel.database import current_session
from app.kernel.query_language.query import Query

LIMIT_MS = 300
# As many values as a facet lists, the most frequent first.
MOST_VALUES = 12

# The facets by key of the query language: the columns of the value, and of its name.
KEYS = {
    "outcome": ("outcome", "outcome"),
    "action": ("action", "action"),
    "actor": ("actor_id", "actor_name"),
    "target_type": ("target_type", "target_type"),
}
_COUNTED = frozenset({"outcome", "action"})


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: as queries spell it, as people read it, and how many matching events have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of one key of the query language.

    What the query itself asks of that key is left out, so that the other choices stay visible.
    Where `is_exact` is False the numbers are estimates from a sample, which rare values may be
    missing from.
    """

    key: str
    values: tuple[FacetValue, ...]
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets of a query, in the order of `KEYS`; none when counting took too long."""

    facets: tuple[Facet, ...]
    took_too_long: bool = False


def facets(query: Query, moment: Moment, *, limit_ms: int = LIMIT_MS) -> Facets:
    """Return the facets of a query. No statement runs longer than `limit_ms`."""
    try:
        with time_limit(limit_ms):
            return Facets(_facets(query, moment))
    except TookTooLong:
        return Facets((), took_too_long=True)


def without_key(query: Query, key: str) -> Query:
    """Return the query without what it asks of one key; what it refuses stays refused."""
    terms = tuple(term for term in query.terms if term.key != key or term.negated)
    return Query(terms, query.errors, query.text, query.fields)


def _facets(query: Query, moment: Moment) -> tuple[Facet, ...]:
    # Facets that leave nothing out of the query are about the same matches.
    found: dict[str, Matches | None] = {}
    facets = []
    for key in KEYS:
        narrowed = without_key(query, key)
        if key in _COUNTED and knows(narrowed):
            facets.append(_from_counts(narrowed, moment, key))
            continue
        text = narrowed.canonical()
        if text not in found:
            found[text] = _matches(narrowed, moment)
        facets.append(_from_matches(found[text], key))
    return tuple(facets)


def _from_counts(query: Query, moment: Moment, key: str) -> Facet:
    counts = Counter[str]()
    for span in ask(query, moment).spans:
        counts += count_by_value(query, span, key)
    values = [FacetValue(value, value, n) for value, n in counts.most_common(MOST_VALUES)]
    return Facet(key, tuple(values), is_exact=True)


def _matches(query: Query, moment: Moment) -> Matches | None:
    question = ask(query, moment)
    axis = axis_of(question, moment.now)
    if not axis:
        return None
    return find_matches(question, count_events_in(question), strata_of(axis))


def _from_matches(matches: Matches | None, key: str) -> Facet:
    if matches is None:
        return Facet(key, (), is_exact=True)
    columns = matches.source.c
    value, name = (columns[column] for column in KEYS[key])
    number = func.sum(columns.weight).label("number")
    # Of somebody who was renamed, the latest name.
    names = func.array_agg(aggregate_order_by(name, columns.occurred_at.desc()))
    statement = (
        select(value, type_coerce(names, ARRAY(String))[1], number)
        .where(value.is_not(None))
        .group_by(value)
        .order_by(number.desc(), value)
        .limit(MOST_VALUES)
    )
    rows = current_session().execute(statement)
    values = tuple(FacetValue(one, label, round(n)) for one, label, n in rows)
    return Facet(key, values, matches.is_exact)
