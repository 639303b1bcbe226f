"""Cutting text into tokens: signs, keys, and values with their quotes taken off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.kernel.query_language.terms import QueryError

# One token runs to the next space outside quotes. A quote that never closes runs to the end.
_TOKEN = re.compile(r'(?:[^\s"]|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_BARE = re.compile(r'[^",]*')
_COMPARISON = re.compile(r"[<>]=?")
_ESCAPE = re.compile(r'\\(["\\])')
# Unicode's control characters and surrogates, the categories Cc and Cs.
_REFUSED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_SPACE = str.maketrans("\t\r\n", "   ")
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """One value as written; `text` is without quotes and surrounding space."""

    text: str
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Token:
    """One term as written; `key` is None for free text, `comparison` is "" or one of > >= < <=."""

    negated: bool
    key: str | None
    comparison: str
    pieces: tuple[Piece, ...]
    position: int
    source: str

    def error(self, message: str) -> QueryError:
        return QueryError(self.position, len(self.source), message)


def clean(text: str) -> tuple[str, tuple[int, ...]]:
    """Make text safe to show and to cut, and say where it held what nobody can search for.

    Tabs and line breaks become spaces; control characters and lone surrogates become U+FFFD, so
    that positions stay and a page can echo the text.
    """
    spaced = text.translate(_LINE_SPACE)
    refused = tuple(match.start() for match in _REFUSED.finditer(spaced))
    return _REFUSED.sub("\ufffd", spaced) if refused else spaced, refused


def cut(text: str) -> Iterator[Token | QueryError]:
    """Yield the tokens of cleaned text in the order they are written, errors in their places."""
    for match in _TOKEN.finditer(text):
        source, position = match.group(), match.start()
        negated = source.startswith("-")
        body, start = (source[1:], position + 1) if negated else (source, position)
        if not body or body.startswith("-"):
            yield QueryError(position, len(source), _minus_message(source))
        elif body.startswith('"') or ":" not in body.partition('"')[0]:
            yield _free_text(body, start, negated=negated, position=position, source=source)
        else:
            yield _keyed(body, start, negated=negated, position=position, source=source)


def quote(value: str) -> str:
    r"""Put a value in quotes, escaping `"` and only those backslashes that would else escape."""
    escaped = re.sub(r'\\(?=["\\]|\Z)|"', r"\\\g<0>", value)
    return f'"{escaped}"'


def shown(text: str) -> str:
    """Shorten what was typed to what a message can hold."""
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _minus_message(source: str) -> str:
    if source == "-":
        return "A minus sign needs a term right after it, with no space: -word or -key:value."
    return (
        "One minus sign leaves a term out; two mean nothing. "
        f"To search for the text itself, put it in quotes: {quote(shown(source))}."
    )


def _free_text(
    body: str, start: int, *, negated: bool, position: int, source: str
) -> Token | QueryError:
    if '"' not in body:
        piece: Piece | QueryError = Piece(body, start, len(body))
    elif body.startswith('"'):
        piece = _quoted_piece(body, start)
        if isinstance(piece, Piece) and piece.length < len(body):
            piece = _crowded_quote(start + piece.length, len(body) - piece.length)
    else:
        piece = _misplaced_quote(start + body.index('"'), body)
    if isinstance(piece, QueryError):
        return piece
    if not piece.text:
        return QueryError(position, len(source), "There is nothing to search for in these quotes.")
    return Token(negated, None, "", (piece,), position, source)


def _keyed(
    body: str, start: int, *, negated: bool, position: int, source: str
) -> Token | QueryError:
    key, _, _ = body.partition(":")
    at = len(key) + 1
    comparison = _COMPARISON.match(body, at)
    at = comparison.end() if comparison else at
    pieces: list[Piece] = []
    while True:
        piece = _piece(body, at, start)
        if isinstance(piece, QueryError):
            return piece
        pieces.append(piece)
        at += piece.length
        if at == len(body):
            break
        at += 1
    sign = comparison.group() if comparison else ""
    return Token(negated, key.lower(), sign, tuple(pieces), position, source)


def _piece(body: str, at: int, start: int) -> Piece | QueryError:
    """Read one value of a comma list; it ends at a comma or with the token."""
    if body.startswith('"', at):
        piece = _quoted_piece(body[at:], start + at)
        if isinstance(piece, QueryError):
            return piece
        end = at + piece.length
        if end < len(body) and body[end] != ",":
            return _crowded_quote(start + end, len(body) - end)
        return piece
    match = _BARE.match(body, at)
    text = match.group() if match else ""
    end = at + len(text)
    if body.startswith('"', end):
        return _misplaced_quote(start + end, body[at:])
    if text.startswith(("<", ">")):
        return _misplaced_comparison(start + at, text)
    return Piece(text.strip(), start + at, len(text))


def _quoted_piece(body: str, start: int) -> Piece | QueryError:
    match = _QUOTED.match(body)
    if match is None:
        return QueryError(
            start,
            len(body),
            'This quote is never closed. Close it with ", and write \\" for a quote inside it.',
        )
    return Piece(_ESCAPE.sub(r"\1", match.group(1)).strip(), start, match.end())


def _crowded_quote(position: int, length: int) -> QueryError:
    return QueryError(position, length, "Put a space between a closing quote and what follows it.")


def _misplaced_comparison(position: int, written: str) -> QueryError:
    return QueryError(
        position,
        len(written),
        "A comparison follows its colon and takes one value. Write it as a term of its own; "
        f"to search for the sign itself, write {quote(shown(written))}.",
    )


def _misplaced_quote(position: int, written: str) -> QueryError:
    return QueryError(
        position,
        1,
        "A quote can only stand at the beginning and the end. "
        f"To search for the sign itself, write {quote(shown(written))}.",
    )
