"""What a request asks of a list: read from the address, never trusted, never an error page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from app.kernel.collections.cursors import Cursor, read_cursor
from app.kernel.collections.declaration import Collection
from app.kernel.query_language.query import Query, parse
from app.kernel.query_language.terms import Operator, QueryError

PAGE_SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
# What `?sort=` says for the list's own order the other way round.
TURNED = "turned"


@dataclass(frozen=True, slots=True)
class Criteria:
    """The query, the order, the place in the list and the size of the page.

    `turned` is the list's own order the other way round; `notices` says what was odd; `kept` is
    what the page has beside the list and every address of it repeats, in canonical order.
    """

    query: Query
    cursor: Cursor | None = None
    size: int = DEFAULT_SIZE
    turned: bool = False
    notices: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[QueryError, ...]:
        return self.query.errors


def address_of(path: str, criteria: Criteria, **changes: str | int | None) -> str:
    """Return the address of a list with some of its state changed, in canonical order.

    The place in the list is left out unless it is among the changes: a change of the query or
    the size starts again at the first page.
    """
    state: dict[str, str | int | None] = {
        "q": None if "q" in changes else criteria.query.canonical(),
        **criteria.kept,
        "size": criteria.size,
        "sort": TURNED if criteria.turned else None,
    }
    state |= changes
    if state["size"] == DEFAULT_SIZE:
        state["size"] = None
    kept = {key: value for key, value in state.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def read_criteria(
    collection: Collection[Any],
    arguments: MultiDict[str, str],
    kept: Mapping[str, str] | None = None,
) -> Criteria:
    """Return what the address asks for. What cannot be used becomes a notice beside the list.

    Each chip of the filter bar sends a `q` of its own beside the one of the text box.
    """
    query = _read_query(collection, " ".join(filter(None, arguments.getlist("q"))))
    notices = []
    turned = False
    if sort := arguments.get("sort"):
        turned = sort == TURNED and collection.sorted_by is not None
        if not turned:
            notices.append("The list has no such order; here is its own.")
    cursor = None
    if text := arguments.get("cursor"):
        cursor = read_cursor(collection, query, text, turned=turned)
        if cursor is None:
            notices.append("This page's place in the list could not be read; here is the start.")
    size_text = arguments.get("size", str(DEFAULT_SIZE))
    size = int(size_text) if size_text in map(str, PAGE_SIZES) else DEFAULT_SIZE
    if str(size) != size_text:
        notices.append(f"Pages have {', '.join(map(str, PAGE_SIZES))} rows; here are {size}.")
    return Criteria(query, cursor, size, turned, tuple(notices), dict(kept or {}))


def _read_query(collection: Collection[Any], text: str) -> Query:
    query = parse(text, collection.fields)
    if collection.search is not None:
        return query
    refused = [term for term in query.terms if term.operator is Operator.CONTAINS]
    errors = [
        QueryError(term.position, term.length, "This list has no free text; name a field.")
        for term in refused
    ]
    kept = tuple(term for term in query.terms if term not in refused)
    return Query(kept, (*query.errors, *errors), query.text, query.fields)
