"""What a list page is made of. A new list page is one of these, and one statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.query_language.terms import Field, Term

Row = TypeVar("Row")

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
    """

    field: Field
    where: Callable[[Term, Moment], ColumnElement[bool]]


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


@dataclass(frozen=True, slots=True)
class Collection(Generic[Row]):
    """A list page.

    `order` is a tuple of columns that together are unique and have an index led by the tenant;
    the list is shown in descending order of them, or ascending where `ascending` says so. Readers
    may turn it round at the head of the column `sorted_by`; `order_words` names both directions,
    its own first. There is no other order, because no other has an index.
    `search` is the SQL of a free word or phrase; without it the list takes no free text.
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
