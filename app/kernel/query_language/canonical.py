"""Writing terms in one order and spelling, so that equal queries have equal addresses."""

import re
from collections.abc import Iterable
from itertools import groupby

from app.kernel.query_language.terms import COMPARISONS, Condition, Field, Operator, Term
from app.kernel.query_language.tokens import quote

_SIGNS = {operator: sign for sign, operator in COMPARISONS.items()}
_OPERATOR_ORDER = {operator: at for at, operator in enumerate(Operator)}
_QUOTED_FREE_TEXT = re.compile(r'[\s":]|\A-')
_QUOTED_VALUE = re.compile(r'[\s",]|\A[<>]')


def in_order(terms: Iterable[Term], fields: tuple[Field, ...]) -> tuple[Term, ...]:
    """Each term once: by declared field, kept before left out, then by text; free text last."""
    places: dict[str | None, int] = {field.key: at for at, field in enumerate(fields)}

    def place(term: Term) -> tuple[int, str, bool, int, tuple[str, ...]]:
        at = places.get(term.key, len(fields) + (term.key is None))
        order = _OPERATOR_ORDER[term.operator]
        return at, term.key or "", term.negated, order, term.values

    return tuple(sorted(dict.fromkeys(terms), key=place))


def in_conditions(terms: tuple[Term, ...]) -> tuple[Condition, ...]:
    """Gather ordered terms into conditions: alternatives of a key together, all else alone."""
    conditions: list[Condition] = []
    for (key, negated, alternative), group in groupby(terms, _kinship):
        kin = tuple(group)
        together = [kin] if alternative else [(term,) for term in kin]
        conditions += [Condition(key, negated, each) for each in together]
    return tuple(conditions)


def write(terms: Iterable[Term], fields: tuple[Field, ...]) -> str:
    """Write terms as the shortest text of the normal spelling."""
    return " ".join(_write_condition(each) for each in in_conditions(in_order(terms, fields)))


def _kinship(term: Term) -> tuple[str | None, bool, bool]:
    return term.key, term.negated, term.operator.is_alternative


def _write_condition(condition: Condition) -> str:
    minus = "-" if condition.negated else ""
    first = condition.terms[0]
    if condition.key is None:
        return minus + _quoted_if(_QUOTED_FREE_TEXT, first.values[0])
    sign = _SIGNS.get(first.operator, "")
    values = ",".join(_quoted_if(_QUOTED_VALUE, "..".join(term.values)) for term in condition.terms)
    return f"{minus}{condition.key}:{sign}{values}"


def _quoted_if(pattern: re.Pattern[str], value: str) -> str:
    return quote(value) if pattern.search(value) else value
