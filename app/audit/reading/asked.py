"""What a program asks of the log: read strictly, since nobody would see a notice beside a list."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from app.audit.reading.windows import query_of
from app.audit.search.steps import Place
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.problems import FieldProblem, InvalidInput
from app.kernel.query_language.query import Query

MOST_EVENTS, SOME_EVENTS = 500, 100
NEWEST, OLDEST = "newest", "oldest"
PARAMETERS = ("q", "order", "size", "cursor")
_MOST_DIGITS = 3
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of events that was asked for.

    `place` is behind the page before; `now` is when the first page was asked for, so that
    "the last 24 hours" are the same on every page.
    """

    query: Query
    rising: bool
    size: int
    now: dt.datetime
    place: Place | None = None

    @property
    def is_first(self) -> bool:
        """Whether this is where a search begins."""
        return self.place is None


def read_asked(actor: Actor, arguments: MultiDict[str, str]) -> Asked:
    """Return what the address asks for; raises `InvalidInput` with everything wrong in it."""
    problems = [*_unknown(arguments), *_repeated(arguments)]
    query = query_of(arguments.get("q", ""))
    problems += [
        FieldProblem("", error.sentence, parameter="q", position=error.position)
        for error in query.errors
    ]
    order = arguments.get("order", NEWEST)
    if order not in (NEWEST, OLDEST):
        problems.append(_wrong("order", f"It is {NEWEST} or {OLDEST}, as to what comes first."))
    size = _size(arguments.get("size", str(SOME_EVENTS)))
    if size is None:
        problems.append(_wrong("size", f"It is a number from 1 to {MOST_EVENTS}."))
    asked = Asked(query, order == OLDEST, size or 0, clock.now())
    text = arguments.get("cursor")
    found = _read_cursor(actor, asked, text) if text else asked
    if found is None:
        problems.append(_wrong("cursor", _CURSOR_WORDS))
    if problems or found is None:
        raise InvalidInput("Nothing was searched for; `errors` says why.", errors=problems)
    return found


def write_cursor(actor: Actor, asked: Asked, place: Place) -> str:
    """Return what asks for the page behind a place: by this key, for this query, in this order."""
    at, event_id = place
    payload = [asked.now.isoformat(), at.isoformat(), str(event_id)]
    return str(_serializer(actor, asked).dumps(payload))


_CURSOR_WORDS = (
    "It is not the `next` of an answer to this query in this order, given to this API key. Begin"
    " again without one."
)


def _read_cursor(actor: Actor, asked: Asked, text: str) -> Asked | None:
    try:
        now, at, event_id = _serializer(actor, asked).loads(text)
    except BadSignature:
        return None
    place = (dt.datetime.fromisoformat(at), UUID(event_id))
    return Asked(asked.query, asked.rising, asked.size, dt.datetime.fromisoformat(now), place)


def _serializer(actor: Actor, asked: Asked) -> URLSafeSerializer:
    # A search is an event of whoever begins it; nobody goes on with somebody else's.
    about = f"{actor.tenant} {actor.id} {asked.rising} {asked.query.canonical()}"
    digest = hashlib.sha256(about.encode()).hexdigest()
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"events:{digest}")


def _size(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    return int(text) if 1 <= int(text) <= MOST_EVENTS else None


def _unknown(arguments: MultiDict[str, str]) -> list[FieldProblem]:
    known = ", ".join(PARAMETERS)
    return [
        _wrong(name[:_SHOWN], f"There is no such parameter. There are: {known}.")
        for name in arguments
        if name not in PARAMETERS
    ]


def _repeated(arguments: MultiDict[str, str]) -> list[FieldProblem]:
    return [
        _wrong(name, "It can be given once.")
        for name in PARAMETERS
        if len(arguments.getlist(name)) > 1
    ]


def _wrong(parameter: str, detail: str) -> FieldProblem:
    return FieldProblem("", detail, parameter=parameter)
