"""Reading one page of a list by keyset, so that page 2,000 costs what page 1 costs."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, tuple_

from app.kernel.collections.criteria import Criteria
from app.kernel.collections.cursors import Cursor, write_cursor
from app.kernel.collections.declaration import Collection, Moment
from app.kernel.collections.matching import matching
from app.kernel.database import current_session

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursors of the pages around them (None: there is none)."""

    rows: tuple[Row, ...]
    previous: str | None
    next: str | None


def fetch_page(collection: Collection[Row], criteria: Criteria, moment: Moment) -> Page[Row]:
    """Return the page that the criteria ask for."""
    cursor = criteria.cursor
    forward = cursor is None or cursor.forward
    statement = matching(collection, criteria.query, moment)
    rising = (collection.ascending ^ criteria.turned) is forward
    statement = _from(collection, statement, cursor, rising=rising)
    found = list(current_session().scalars(statement.limit(criteria.size + 1)))
    more = len(found) > criteria.size
    rows = found[: criteria.size]
    if not forward:
        rows.reverse()
    has_previous = bool(rows) and (cursor is not None if forward else more)
    has_next = bool(rows) and (more if forward else True)
    return Page(
        tuple(rows),
        _cursor(collection, criteria, rows[0], forward=False) if has_previous else None,
        _cursor(collection, criteria, rows[-1], forward=True) if has_next else None,
    )


def _from(
    collection: Collection[Row],
    statement: Select[Row],
    cursor: Cursor | None,
    *,
    rising: bool,
) -> Select[Row]:
    order = [column.asc() if rising else column.desc() for column in collection.order]
    if cursor is not None:
        place = tuple_(*collection.order)
        statement = statement.where(place > cursor.key if rising else place < cursor.key)
    return statement.order_by(*order)


def _cursor(collection: Collection[Row], criteria: Criteria, row: object, *, forward: bool) -> str:
    key = tuple(getattr(row, column.key) for column in collection.order)
    return write_cursor(collection, criteria.query, Cursor(forward, key), turned=criteria.turned)
