"""A list as its template needs it: plain values for the components, addresses included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from flask import request

from app.kernel import clock
from app.kernel.collections.criteria import (
    DEFAULT_SIZE,
    PAGE_SIZES,
    TURNED,
    Criteria,
    address_of,
    read_criteria,
)
from app.kernel.collections.declaration import Collection, Count, Exactness, Moment
from app.kernel.collections.matching import count_matching
from app.kernel.collections.pages import Page, fetch_page
from app.kernel.query_language.canonical import write
from app.kernel.query_language.query import parse
from app.kernel.query_language.terms import Operator, Term
from app.kernel.query_language.times import window
from app.kernel.standing import tenant_here
from app.kernel.times import span

Row = TypeVar("Row")
# Words for a stretch of time end with minutes; a shorter one is shown as it was asked for.
_IN_WORDS_FROM = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One answer of a list page: what was asked, what was found, and how to go on."""

    collection: Collection[Row]
    criteria: Criteria
    page: Page[Row]
    count: Count
    moment: Moment
    path: str
    detail: str | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.criteria.query.terms)

    @property
    def count_words(self) -> str:
        """Say how many rows match: exactly, or that there are more than are counted."""
        one, many = self.collection.noun
        if self.count == Count(0, Exactness.MORE_THAN):
            return f"no {many} so far"
        return f"{self.count.words} {one if self.count == Count(1) else many}"

    @property
    def is_long(self) -> bool:
        """Say whether there is more than fits into the smallest page."""
        return self.count.value > min(PAGE_SIZES)

    @property
    def order_words(self) -> str:
        words = self.collection.order_words[self.criteria.turned]
        if self.page.stopped_at is not None:
            return f"{words} · not all is looked through yet: go on for more"
        return f"{words} · {self.criteria.size} a page"

    @property
    def columns(self) -> list[dict[str, Any]]:
        return [
            {
                "key": column.key,
                "label": column.label,
                "type": column.type,
                "priority": str(column.priority),
                **(self._sorting if column.key == self.collection.sorted_by else {}),
            }
            for column in self.collection.columns
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [self._row(row) for row in self.page.rows]

    @property
    def chips(self) -> list[dict[str, Any]]:
        query = self.criteria.query
        return [
            {
                "key": chip.label,
                "value": chip.text,
                "label": self._stretch(term),
                "text": write((term,), self.collection.fields),
                "negated": chip.negated,
                "remove_href": self.address(q=chip.without),
            }
            for term, chip in zip(query.terms, query.chips(), strict=True)
        ]

    def _stretch(self, term: Term) -> str | None:
        """Return a stretch between exact moments in the zone of the page; None for other terms."""
        if term.operator is not Operator.BETWEEN or not all(
            end.endswith("Z") for end in term.values
        ):
            return None
        asked = window(term, self.moment.now, self.moment.zone)
        if asked.start is None or asked.end is None or asked.end - asked.start < _IN_WORDS_FROM:
            return None
        return span(asked.start, asked.end, self.moment.zone)

    @property
    def box(self) -> str:
        """What the text box holds: nothing beside chips, the whole query when it has a mistake."""
        return self.criteria.query.text if self.criteria.errors else ""

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [
            {"message": error.message, "position": error.position} for error in self.criteria.errors
        ]

    @property
    def presets(self) -> dict[str, Any] | None:
        if not self.collection.presets:
            return None
        here = self.criteria.query.canonical()
        items, current = [], None
        for preset in self.collection.presets:
            narrowed = self._narrowed(preset.query)
            is_current = narrowed == here
            current = preset.label if is_current else current
            items.append(
                {"label": preset.label, "href": self.address(q=narrowed), "current": is_current}
            )
        return {"label": current or "Any time", "items": items}

    @property
    def help_items(self) -> list[dict[str, str]]:
        offered = (each.field for each in self.collection.filters if each.is_offered)
        return [{"text": f"{one.key}:", "hint": one.hint or one.label} for one in offered]

    @property
    def hidden(self) -> dict[str, str]:
        size = self.criteria.size
        chosen = {} if size == DEFAULT_SIZE else {"size": str(size)}
        turned = {"sort": TURNED} if self.criteria.turned else {}
        return {**self.criteria.kept, **chosen, **turned}

    @property
    def clear_href(self) -> str:
        """Return the address of the list as it is, without its filter."""
        return self.address(q=None)

    @property
    def previous_href(self) -> str | None:
        return self.address(cursor=self.page.previous) if self.page.previous else None

    @property
    def next_href(self) -> str | None:
        return self.address(cursor=self.page.next) if self.page.next else None

    @property
    def onward_href(self) -> str | None:
        """Return the way on from where looking stopped, on whichever side that is."""
        return self.next_href or self.previous_href

    @property
    def page_sizes(self) -> list[dict[str, Any]]:
        return [
            {
                "label": str(size),
                "href": self.address(size=size),
                "current": size == self.criteria.size,
            }
            for size in PAGE_SIZES
        ]

    def address(self, **changes: str | int | None) -> str:
        """Return the address of this list with some of its state changed (see `address_of`)."""
        return address_of(self.path, self.criteria, **changes)

    @property
    def _sorting(self) -> dict[str, str]:
        rising = self.collection.ascending ^ self.criteria.turned
        other = None if self.criteria.turned else TURNED
        return {"sort": "asc" if rising else "desc", "sort_href": self.address(sort=other)}

    def _row(self, row: Row) -> dict[str, Any]:
        zone = self.moment.zone
        identity = self.collection.row_id(row)
        return {
            "id": identity,
            "href": self.collection.row_href(row),
            "current": identity == self.detail,
            "cells": {c.key: c.cell(row, zone) for c in self.collection.columns},
        }

    def _narrowed(self, text: str) -> str:
        """Return the query with the preset's terms in place of its own of the same keys."""
        query = self.criteria.query
        preset = parse(text, self.collection.fields)
        keys = {term.key for term in preset.terms} or {
            field_.key for field_ in self.collection.fields if field_.kind == "time"
        }
        for term in query.terms:
            if term.key in keys:
                query = query.without(term)
        for term in preset.terms:
            query = query.with_term(term)
        return query.canonical()


def open_listing(
    collection: Collection[Row],
    path: str | None = None,
    *,
    kept: Mapping[str, str] | None = None,
) -> Listing[Row]:
    """Answer the running request for a list page, which is at `path` if not where it was asked.

    `kept` is what every address of the page repeats (see `Criteria`).
    """
    moment = Moment(clock.now(), tenant_here().zone)
    criteria = read_criteria(collection, request.args, kept)
    page = fetch_page(collection, criteria, moment)
    return Listing(
        collection,
        criteria,
        page,
        _count(collection, criteria, moment, page),
        moment,
        path or request.path,
        detail=request.args.get("detail"),
    )


def _count(
    collection: Collection[Row], criteria: Criteria, moment: Moment, page: Page[Row]
) -> Count:
    """Return how many rows match: what reading the page has told, or else what counting tells."""
    if page.total is not None:
        return Count(page.total)
    found = count_matching(collection, criteria.query, moment)
    if found is not None:
        return found
    # Who came by a cursor has seen a page before.
    seen = criteria.size if page.previous else len(page.rows)
    return Count(seen, Exactness.MORE_THAN)
