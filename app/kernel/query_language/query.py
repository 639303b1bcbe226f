"""Parsing a query, and the parsed query as pages use it: conditions, chips and canonical text."""

from bisect import bisect_left
from dataclasses import dataclass
from difflib import get_close_matches

from app.kernel.query_language.canonical import in_conditions, in_order, write
from app.kernel.query_language.chips import Chip, chips_of
from app.kernel.query_language.terms import (
    Condition,
    Field,
    InvalidValueError,
    Operator,
    QueryError,
    Term,
)
from app.kernel.query_language.tokens import Piece, Token, clean, cut, quote, shown
from app.kernel.query_language.values import read_value

MAX_CHARACTERS = 2_000
MAX_TERMS = 40


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked, in canonical order, beside what could not be understood.

    `text` is what was typed, made safe to show: cut at the bound, refused characters replaced.
    """

    terms: tuple[Term, ...]
    errors: tuple[QueryError, ...]
    text: str
    fields: tuple[Field, ...]

    def canonical(self) -> str:
        """Write the terms in one order and spelling; parsing it gives equal terms, no errors."""
        return write(self.terms, self.fields)

    def conditions(self) -> tuple[Condition, ...]:
        """Group the terms for a reader of rows: AND across conditions, OR inside one."""
        return in_conditions(self.terms)

    def chips(self) -> tuple[Chip, ...]:
        """Give one chip a term, each with the text that removes it."""
        return chips_of(self.terms, self.fields)

    def values_of(self, key: str, *, negated: bool = False) -> tuple[str, ...]:
        """List the values that a key was asked to equal, or must not equal."""
        return tuple(
            term.values[0]
            for term in self.terms
            if (term.key, term.operator, term.negated) == (key, Operator.EQUALS, negated)
        )

    def terms_of(self, key: str | None) -> tuple[Term, ...]:
        """List every term of a key, of free text for None."""
        return tuple(term for term in self.terms if term.key == key)

    def with_term(self, term: Term) -> "Query":
        """Ask for one thing more; a term that the fields refuse comes back as an error."""
        return parse(write((*self.terms, term), self.fields), self.fields)

    def without(self, term: Term) -> "Query":
        """Ask for one thing less; errors are dropped with the text that held them."""
        kept = (other for other in self.terms if other != term)
        return parse(write(kept, self.fields), self.fields)

    def with_only(self, term: Term) -> "Query":
        """Put a term in the place of all others of its key and polarity."""
        return parse(self.text_with_only(term), self.fields)

    def text_with_only(self, term: Term) -> str:
        """Write what `with_only` asks for, where the fields are known to take the term.

        Nothing is parsed again: the sixty bars of a page need their links alone.
        """
        place = (term.key, term.negated)
        kept = (other for other in self.terms if (other.key, other.negated) != place)
        return write((*kept, term), self.fields)


def parse(text: str, fields: tuple[Field, ...]) -> Query:
    """Parse what was typed; never raises, and keeps the valid terms beside the errors.

    Within a key, values and ranges of one polarity are alternatives; everything else must hold
    together. Text past the bound is refused whole, since a cut term would ask something else.
    """
    safe, refused = clean(text[:MAX_CHARACTERS])
    if len(text) > MAX_CHARACTERS:
        return Query((), (_too_long(text),), safe, fields)
    by_key = {field.key: field for field in fields}
    asked = [each for token in cut(safe) for each in _read(token, by_key, refused)]
    errors = [each for each in asked[:MAX_TERMS] if isinstance(each, QueryError)]
    errors += _too_many(asked, safe)
    terms = (each for each in asked[:MAX_TERMS] if isinstance(each, Term))
    return Query(in_order(terms, fields), tuple(errors), safe, fields)


def _read(
    token: Token | QueryError, by_key: dict[str, Field], refused: tuple[int, ...]
) -> list[Term | QueryError]:
    """Turn one token into as many terms or errors as it has values."""
    if isinstance(token, QueryError):
        return [token]
    hidden = _refused_inside(token, refused)
    if hidden:
        return [hidden]
    if token.key is None:
        return [_term(token, Operator.CONTAINS, (token.pieces[0].text,))]
    if token.key not in by_key:
        return [_unknown_key(token, by_key)]
    if token.comparison and len(token.pieces) > 1:
        return [token.error(f"Only one value can follow {token.key}:{token.comparison}.")]
    return [_read_piece(token, piece, by_key[token.key]) for piece in token.pieces]


def _read_piece(token: Token, piece: Piece, field: Field) -> Term | QueryError:
    try:
        operator, values = read_value(field, token.comparison, piece.text)
    except InvalidValueError as error:
        return QueryError(piece.position, piece.length, str(error))
    return _term(token, operator, values)


def _term(token: Token, operator: Operator, values: tuple[str, ...]) -> Term:
    return Term(token.key, operator, values, token.negated, token.position, len(token.source))


def _unknown_key(token: Token, by_key: dict[str, Field]) -> QueryError:
    key = token.key or ""
    nearest = get_close_matches(key, by_key, n=1)
    suggestion = f" Did you mean {nearest[0]}:?" if nearest else ""
    known = ", ".join(by_key) or "none"
    body = token.source[token.negated :]
    return QueryError(
        token.position + token.negated,
        len(body.partition(":")[0]) + 1,
        f"There is no filter “{shown(key)}:”.{suggestion} The filters here are: {known}. "
        f"To search for text that holds a colon, put it in quotes: {quote(shown(body))}.",
    )


def _refused_inside(token: Token, refused: tuple[int, ...]) -> QueryError | None:
    following = bisect_left(refused, token.position)
    if following == len(refused) or refused[following] >= token.position + len(token.source):
        return None
    return QueryError(
        refused[following],
        1,
        "There is an invisible control character or half a character here, "
        "which nothing can be searched by. Delete it, or type the term anew.",
    )


def _too_many(asked: list[Term | QueryError], text: str) -> list[QueryError]:
    if len(asked) <= MAX_TERMS:
        return []
    position = asked[MAX_TERMS].position
    message = f"A query holds at most {MAX_TERMS} terms. Those from here on were left out."
    return [QueryError(position, len(text) - position, message)]


def _too_long(text: str) -> QueryError:
    return QueryError(
        MAX_CHARACTERS,
        len(text) - MAX_CHARACTERS,
        f"A query holds at most {MAX_CHARACTERS:,} characters, and this one has {len(text):,}. "
        "None of it was used; shorten it.",
    )
