"""Reading one page of a list by keyset, so that page 2,000 costs what page 1 costs."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import tuple_

from app.kernel.collections.criteria import Criteria
from app.kernel.collections.cursors import Cursor, write_cursor
from app.kernel.collections.declaration import Collection, Found, Key, Moment, Wanted
from app.kernel.collections.matching import matching
from app.kernel.database import current_session

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursors of the pages around them (None: there is none).

    `stopped_at` is where looking for more stopped because it would have taken too long; the
    cursor on that side goes on from there. `total` is how many rows match on all pages, where
    reading this one has told.
    """

    rows: tuple[Row, ...]
    previous: str | None
    next: str | None
    stopped_at: Key | None = None
    total: int | None = None


def fetch_page(collection: Collection[Row], criteria: Criteria, moment: Moment) -> Page[Row]:
    """Return the page that the criteria ask for."""
    cursor = criteria.cursor
    forward = cursor is None or cursor.forward
    rising = (collection.ascending ^ criteria.turned) is forward
    place = cursor.key if cursor else None
    wanted = Wanted(criteria.query, moment, place, rising, criteria.size + 1)
    found = collection.find(wanted) if collection.find else _find(collection, wanted)
    more = len(found.rows) > criteria.size
    rows = tuple(found.rows[: criteria.size])
    # Where the way on begins: behind the last row shown, or where nobody has looked yet.
    onward = _key(collection, rows[-1]) if more else found.stopped_at
    back = _key(collection, rows[0]) if rows and cursor else None
    cursors = {forward: onward, not forward: back}
    ahead, behind = (
        write_cursor(collection, criteria.query, Cursor(side, key), turned=criteria.turned)
        if (key := cursors[side])
        else None
        for side in (True, False)
    )
    stopped_at = None if more else found.stopped_at
    is_all = cursor is None and not more and stopped_at is None
    total = len(rows) if is_all else found.total
    return Page(rows if forward else rows[::-1], behind, ahead, stopped_at, total)


def _find(collection: Collection[Row], wanted: Wanted) -> Found[Row]:
    statement = matching(collection, wanted.query, wanted.moment)
    order = [column.asc() if wanted.rising else column.desc() for column in collection.order]
    if wanted.place is not None:
        place = tuple_(*collection.order)
        statement = statement.where(place > wanted.place if wanted.rising else place < wanted.place)
    statement = statement.order_by(*order).limit(wanted.limit)
    return Found(current_session().scalars(statement).all())


def _key(collection: Collection[Row], row: object) -> Key:
    return tuple(getattr(row, column.key) for column in collection.order)
