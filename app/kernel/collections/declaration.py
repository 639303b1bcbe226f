"""What a list page is made of. A new list page is one of these, and one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.query_language.query import Query
from app.kernel.query_language.terms import Field, Term

Row = TypeVar("Row")
# The values of the columns of a list's order, which together name one place in it.
Key = tuple[Any, ...]

# What a cell may be: text, a number, or the parts that the table component knows
# (text, href, sub, tone, datetime, title).
Cell = str | int | None | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a query is read: relative times and bare dates depend on both."""

    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. `priority` 1 is always shown, 2 from tablets on, 3 on wide screens."""

    key: str
    label: str
    cell: Callable[[Row, ZoneInfo], Cell]
    type: str = "text"
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Filter:
    """One key of the query language, and the SQL that a term of it stands for.

    The SQL may be NULL for rows without a value; such rows do not match, and match negated.
    One that is not offered is understood, and led to by links, but no part of the page's help.
    """

    field: Field
    where: Callable[[Term, Moment], ColumnElement[bool]]
    is_offered: bool = True


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made query, offered in the menu of the filter bar."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class EmptyWords:
    """What the page says before there is anything to list."""

    title: str
    body: str


class Exactness(Enum):
    """What a count promises: this many, more than this many, or as far as a sample tells."""

    EXACT = "exact"
    MORE_THAN = "more than"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows match, and how sure that is."""

    value: int
    exactness: Exactness = Exactness.EXACT

    @property
    def words(self) -> str:
        """Write the number as people read it: `1,234`, `10,000+` or `about 52,000`."""
        if self.exactness is Exactness.ABOUT:
            # What a sample tells is not known to the last digit, and should not look so.
            digits = max(len(str(self.value)) - 2, 0)
            return f"about {round(self.value, -digits):,}"
        return f"{self.value:,}{'+' if self.exactness is Exactness.MORE_THAN else ''}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows a page asks for: the first `limit` behind a place, rising or falling."""

    query: Query
    moment: Moment
    place: Key | None
    rising: bool
    limit: int


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """Rows in the order asked for.

    `stopped_at` is set when looking further would have taken too long: the rows that match
    between the last of these and that place are all here, and behind it nobody has looked.
    `total` is how many rows match in all, where looking has told.
    """

    rows: Sequence[Row]
    stopped_at: Key | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Collection(Generic[Row]):
    """A list page.

    `order` is a tuple of columns that together are unique and have an index led by the tenant;
    the list is shown in descending order of them, or ascending where `ascending` says so. Readers
    may turn it round at the head of the column `sorted_by`; `order_words` names both directions,
    its own first. There is no other order, because no other has an index.
    `search` is the SQL of a free word or phrase; without it the list takes no free text.
    `find` and `count` are for lists too long for one statement each that fits all queries;
    `count` returns None for what cannot be counted quickly.
    """

    name: str
    title: str
    caption: str
    columns: tuple[Column[Row], ...]
    statement: Callable[[], Select[Row]]
    order: tuple[InstrumentedAttribute[Any], ...]
    row_id: Callable[[Row], str]
    row_href: Callable[[Row], str | None]
    empty: EmptyWords
    filters: tuple[Filter, ...] = ()
    search: Callable[[Term], ColumnElement[bool]] | None = None
    ascending: bool = False
    placeholder: str = "Filter or search"
    presets: tuple[Preset, ...] = ()
    row_actions: tuple[str, ...] = ()
    noun: tuple[str, str] = ("row", "rows")
    sorted_by: str | None = None
    order_words: tuple[str, str] = ("Newest first", "Oldest first")
    density: str = "compact"
    find: Callable[[Wanted], Found[Row]] | None = None
    count: Callable[[Query, Moment], Count | None] | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The keys of the query language that this list understands."""
        return tuple(filter_.field for filter_ in self.filters)


COLLECTIONS: dict[str, Collection[Any]] = {}


def declare(collection: Collection[Row]) -> Collection[Row]:
    """Register a list page, so that budgets, laws and reference pages find it."""
    if collection.name in COLLECTIONS:
        raise RuntimeError(f"There is a list called {collection.name} already.")
    COLLECTIONS[collection.name] = collection
    return collection
