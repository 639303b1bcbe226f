"""Facets as the components show them: each value is a link that adds a term or takes it away."""

from typing import Any

from flask import url_for

from app.audit.collection import AUDIT_LOG
from app.audit.facets import Facet, Facets, FacetValue
from app.kernel.collections.criteria import Criteria, address_of
from app.kernel.collections.declaration import Count, Exactness
from app.kernel.query_language.query import Query
from app.kernel.query_language.terms import Operator, Term
from app.kernel.untrusted_text import single_line

# As many values of a facet as stand in the rail; the rest is found by words.
SHOWN = 8
_LABELS = {field.key: field.label for field in AUDIT_LOG.fields}
_LABEL_LENGTH = 60


def facet_view(found: Facets, criteria: Criteria) -> dict[str, Any]:
    """Return the facets as groups of links, with what has to be said about their numbers."""
    groups = [_group(facet, criteria) for facet in found.facets if facet.values]
    return {
        "load_url": None,
        "groups": groups,
        "took_too_long": found.took_too_long,
        "estimated": any(not facet.is_exact for facet in found.facets),
    }


def _group(facet: Facet, criteria: Criteria) -> dict[str, Any]:
    path = url_for("audit.index")
    asked = set(criteria.query.values_of(facet.key))
    most = max(value.count for value in facet.values)
    shown = _with_asked(facet, asked)
    return {
        "label": _LABELS[facet.key],
        "lines": [
            {
                "label": single_line(value.label or value.value, _LABEL_LENGTH),
                "value": _number(value.count, is_exact=facet.is_exact),
                "href": _turned(path, criteria, Term(facet.key, Operator.EQUALS, (value.value,))),
                "current": value.value in asked,
                "share": round(100 * value.count / most) if most else 0,
            }
            for value in shown
        ],
    }


def _with_asked(facet: Facet, asked: set[str]) -> list[FacetValue]:
    """Return the most frequent values, and behind them those that are asked for."""
    shown = list(facet.values[:SHOWN])
    return shown + [value for value in facet.values[SHOWN:] if value.value in asked]


def _number(count: int, *, is_exact: bool) -> str:
    if is_exact:
        return f"{count:,}"
    return Count(count, Exactness.ABOUT).words.replace("about ", "≈ ")


def _turned(path: str, criteria: Criteria, term: Term) -> str:
    query: Query = criteria.query
    changed = query.without(term) if term in query.terms else query.with_term(term)
    return address_of(path, criteria, q=changed.canonical())
