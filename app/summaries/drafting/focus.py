"""A person's question on its way to the model: the log's own names in it become tokens.

The question chooses among what the slice holds and never widens it. Whom or what it names stays
in the house where the slice knows them; what it does not know is left as it was typed.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.audit.groups import AskedAfter
from app.audit.named import NamedParty, list_named
from app.audit.queries import LogSlice
from app.gateway.extractive.questions import is_ordinary
from app.gateway.redaction import clean_value
from app.kernel.problems import FieldProblem, InvalidInput
from app.summaries.claims.contract import MAX_QUESTION
from app.summaries.drafting.codebook import Codebook

_WORD = re.compile(r"[\w@.+:/-]+")
# Of a name, a shorter word alone names nobody.
_SHORTEST_WORD = 3
_PLAIN = re.compile(r"[a-z]+")
_ENDING = re.compile(r"(?:ies|ions?|ing|ed|es|s|e)$")
_SHORTEST_STEM = 4
_MOST_STEMS = 20


def clean_question(text: str | None) -> str | None:
    """Return a question as it is kept, shown and sent, or None where nothing was asked.

    Raises `InvalidInput` for one that is too long.
    """
    shown = clean_value(text or "", 10 * MAX_QUESTION)
    if len(shown) > MAX_QUESTION:
        detail = f"A question has at most {MAX_QUESTION} characters; this one has {len(shown):,}."
        raise InvalidInput(detail, errors=[FieldProblem("/question", detail)])
    return shown or None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the log's names as tokens, and what of the log it is after."""

    text: str
    asked: AskedAfter


def read_question(text: str, slice_: LogSlice, codebook: Codebook) -> Question:
    """Return the question with the actors, targets and addresses of the slice as tokens.

    A whole name or id counts, and of an actor's name one word where no other has it. Words that
    questions are made of never do: whoever acts chooses a name, and one like "failed" would take
    the place of the word in what others ask.
    """
    shown = clean_value(text, MAX_QUESTION)
    words = {word.strip(".,:?!/-").lower() for word in _WORD.findall(shown)}
    words = {word for word in words if len(word) >= _SHORTEST_WORD and not is_ordinary(word)}
    found = list_named(slice_, shown, sorted(words))
    parties = [party for party in found if _is_named(party, shown.lower(), words)]
    # Longest first, so that no name is replaced inside another.
    for name, token in sorted(_tokens(parties, codebook).items(), key=lambda one: -len(one[0])):
        shown = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", token, shown, flags=re.IGNORECASE)
    named = [party.id for party in parties if party.kind != "address"]
    return Question(shown, AskedAfter(named, _stems(shown)))


def _is_named(party: NamedParty, text: str, words: set[str]) -> bool:
    by_word = not words.isdisjoint(party.name.lower().split())
    return by_word or any(name.lower() in text for name in _names(party))


def _names(party: NamedParty) -> list[str]:
    """Return the name and the id, but not one that is made of ordinary words alone."""
    return [name for name in (party.name, party.id) if not all(map(is_ordinary, name.split()))]


def _stems(text: str) -> list[str]:
    """Return the words that may stand in the name of an action, without their endings."""
    found = {_ENDING.sub("", word) for word in _PLAIN.findall(text.lower())}
    return sorted(stem for stem in found if len(stem) >= _SHORTEST_STEM)[:_MOST_STEMS]


def _tokens(parties: Sequence[NamedParty], codebook: Codebook) -> dict[str, str]:
    makers: dict[str, Callable[[str], str]] = {
        "actor": codebook.actor,
        "target": codebook.target,
        "address": codebook.address,
    }
    bearers = Counter(word for word, _ in _words(parties))
    tokens = {
        word: codebook.actor(party.id) for word, party in _words(parties) if bearers[word] == 1
    }
    for party in parties:
        tokens |= dict.fromkeys(_names(party), makers[party.kind](party.id))
    return tokens


def _words(parties: Sequence[NamedParty]) -> list[tuple[str, NamedParty]]:
    return [
        (word, party)
        for party in parties
        if party.kind == "actor"
        for word in party.name.lower().split()
        if len(word) >= _SHORTEST_WORD and not is_ordinary(word)
    ]
