"""Chips: the terms of a query as removable labels in plain words."""

import re
from dataclasses import dataclass

from app.kernel.query_language.canonical import write
from app.kernel.query_language.terms import Field, Kind, Operator, Term

_AGO = re.compile(r"([0-9]+)([mhdw])\Z")
_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}
_WORDS = {
    Operator.AT_LEAST: "from ",
    Operator.MORE_THAN: "after ",
    Operator.AT_MOST: "up to ",
    Operator.LESS_THAN: "before ",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One term for a person: `label` is "" for free text, `without` the query's text less it."""

    label: str
    text: str
    negated: bool
    without: str


def chips_of(terms: tuple[Term, ...], fields: tuple[Field, ...]) -> tuple[Chip, ...]:
    """Give one chip a term, in the order of the terms."""
    by_key: dict[str | None, Field] = {field.key: field for field in fields}
    return tuple(
        Chip(
            label=by_key[term.key].label if term.key in by_key else "",
            text=_words(term, by_key.get(term.key)),
            negated=term.negated,
            without=write((other for other in terms if other != term), fields),
        )
        for term in terms
    )


def _words(term: Term, field: Field | None) -> str:
    if field is None or field.kind is not Kind.TIME:
        return term.values[0]
    if term.operator is Operator.EQUALS:
        return _in_words(term.values[0], "last {}")
    ends = " to ".join(_in_words(value, "{} ago") for value in term.values)
    return _WORDS.get(term.operator, "") + ends


def _in_words(value: str, sentence: str) -> str:
    ago = _AGO.match(value)
    if ago is None:
        return value
    unit = _UNITS[ago[2]]
    return sentence.format(f"1 {unit}" if ago[1] == "1" else f"{ago[1]} {unit}s")
