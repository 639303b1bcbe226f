"""From a query to what the inverted index is asked: no event that matches is left out.

What comes back may be more than what matches (the index knows the words of an actor's name, not
where they stood), so the exact conditions are always checked behind it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.audit.search.lexemes import (
    action_lexeme,
    is_whole_prefix,
    network_prefix,
    outcome_lexeme,
    quoted,
    target_type_lexeme,
    words_of,
)
from app.kernel.query_language.query import Query
from app.kernel.query_language.terms import Condition, Term

OUTCOMES = ("success", "failure", "denied")
# Keys whose values are found by the words in them.
NAMED = frozenset({"actor", "target", "session"})
# Keys whose lexemes are those of the events that match, and of no others.
EXACT = frozenset({None, "action", "target_type"})
TIME = "created"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The text of a `tsquery` for one tenant; None where the index has nothing to say.

    `is_selective` is False when all it says is what events do not have: the index then needs a
    stretch of time beside it.
    """

    text: str | None
    is_selective: bool


def narrow(query: Query, mark: str) -> Narrowing:
    """Return what the index can be asked for a query, but for its time (see `lexemes`)."""
    parts, is_selective = [], False
    for condition in query.conditions():
        if condition.key == TIME:
            continue
        text = _negated(condition, mark) if condition.negated else _wanted(condition, mark)
        if text is not None:
            parts.append(text)
            is_selective = is_selective or not text.startswith("!")
    return Narrowing(" & ".join(parts) or None, is_selective)


def phrase(text: str, mark: str) -> str | None:
    """Return the `tsquery` of words that follow one another; None for a text without words."""
    return " <-> ".join(quoted(mark + word) for word in words_of(text)) or None


def any_of(lexemes: Iterable[str], mark: str) -> str:
    """Return the `tsquery` of events that have one of the field lexemes; of none, no event."""
    return _either([quoted(mark + lexeme) for lexeme in lexemes] or [_nothing(mark)])


def _wanted(condition: Condition, mark: str) -> str | None:
    """Return the `tsquery` of a condition; None when one of its alternatives has none."""
    found = []
    for term in condition.terms:
        text = _alternative(term, mark)
        if text is None:
            return None
        found.append(text)
    return _either(found)


def _negated(condition: Condition, mark: str) -> str | None:
    """Return the `tsquery` of what is not to be; only where a lexeme says exactly that."""
    if condition.key == "outcome":
        refused = {term.values[0] for term in condition.terms}
        return any_of((outcome_lexeme(one) for one in OUTCOMES if one not in refused), mark)
    exact = [term for term in condition.terms if _is_exact(term)]
    refusals = [text for term in exact if (text := _alternative(term, mark))]
    return f"!{_either(refusals)}" if refusals else None


def _alternative(term: Term, mark: str) -> str | None:
    value = term.values[0]
    if term.key is None:
        # Text without a word in it is in no event.
        return f"({phrase(value, mark) or _nothing(mark)})"
    if term.key in NAMED:
        return " & ".join(quoted(mark + word) for word in dict.fromkeys(words_of(value))) or None
    build = _FIELDS.get(term.key)
    return build(value, mark) if build else None


def _is_exact(term: Term) -> bool:
    """Say whether the lexemes of a term are those of the events that match, and of no others."""
    if term.key == "ip":
        return is_whole_prefix(term.values[0])
    return term.key in EXACT


def _either(texts: Sequence[str]) -> str:
    return f"({' | '.join(texts)})"


def _nothing(mark: str) -> str:
    return quoted(f"{mark}=")


_FIELDS: dict[str, Callable[[str, str], str]] = {
    "action": lambda value, mark: f"{quoted(mark + action_lexeme(value))}:*",
    "outcome": lambda value, mark: quoted(mark + outcome_lexeme(value)),
    "target_type": lambda value, mark: quoted(mark + target_type_lexeme(value)),
    "ip": lambda value, mark: f"{quoted(mark + network_prefix(value))}:*",
}
