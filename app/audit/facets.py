"""Facets: which values the matching events have, and how many of them each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Select,
    String,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)
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
    found: dict[str, Facet] = {}
    # Facets that leave the same out of the query are about the same matches, looked at once.
    sought: dict[str, tuple[Query, list[str]]] = {}
    for key in KEYS:
        narrowed = without_key(query, key)
        if key in _COUNTED and knows(narrowed):
            found[key] = _from_counts(narrowed, moment, key)
        else:
            sought.setdefault(narrowed.canonical(), (narrowed, []))[1].append(key)
    for narrowed, keys in sought.values():
        found |= _from_matches(_matches(narrowed, moment), keys)
    return tuple(found[key] for key in KEYS)


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


def _from_matches(matches: Matches | None, keys: Sequence[str]) -> dict[str, Facet]:
    if matches is None:
        return {key: Facet(key, (), is_exact=True) for key in keys}
    source = select(matches.source).cte("matched")
    counted = union_all(*(_counting(source, key) for key in keys))
    values: dict[str, list[FacetValue]] = {key: [] for key in keys}
    for key, value, label, number in current_session().execute(counted):
        values[key].append(FacetValue(value, label, round(number)))
    return {key: Facet(key, tuple(values[key]), matches.is_exact) for key in keys}


def _counting(source: CTE, key: str) -> Select[Any]:
    """Return the statement for the most frequent values of a key, under the name of the key."""
    value, name = (source.c[column] for column in KEYS[key])
    number = func.sum(source.c.weight).label("number")
    label: ColumnElement[str] = value
    if name is not value:
        # Of somebody who was renamed, the latest name.
        names = func.array_agg(aggregate_order_by(name, source.c.occurred_at.desc()))
        label = type_coerce(names, ARRAY(String))[1]
    most = (
        select(literal(key).label("key"), value.label("value"), label.label("label"), number)
        .where(value.is_not(None))
        .group_by(value)
        .order_by(number.desc(), value)
        .limit(MOST_VALUES)
    )
    return select(most.subquery(key))
