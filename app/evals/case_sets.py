"""Which cases a tenant runs: those that are shipped, and those that it made itself."""

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.evals.case import Case, Expected, Fact, Query, Split, World
from app.evals.case_files import read_cases
from app.evals.models import EvalCase
from app.kernel.database import current_session


@functools.cache
def shipped_cases() -> tuple[Case, ...]:
    """Return the cases that come with Ballast."""
    return read_cases()


def cases_of_tenant(until: datetime | None = None) -> tuple[Case, ...]:
    """Return all cases of the tenant in scope, its own last; the order never changes.

    With `until` those that it had made by then: a run is over the cases that it was asked for.
    """
    statement = select(EvalCase).order_by(EvalCase.made_at, EvalCase.id)
    if until is not None:
        statement = statement.where(EvalCase.made_at <= until)
    rows = current_session().scalars(statement)
    return (*shipped_cases(), *(case_from(row.asked, row.expected) for row in rows))


def case_from(asked: Mapping[str, Any], expected: Mapping[str, Any]) -> Case:
    """Return a case as it was stored: both lines as the files have them."""
    return Case(
        Query(
            id=asked["id"],
            category=asked["category"],
            split=Split(asked["split"]),
            world=World(asked["world"]),
            query=asked["query"],
            start=datetime.fromisoformat(asked["start"]),
            end=datetime.fromisoformat(asked["end"]),
            question=asked["question"],
            twin_of=asked["twin_of"],
        ),
        Expected(
            id=expected["id"],
            refuse=expected["code"],
            facts=tuple(Fact.from_json(fact) for fact in expected["must"]),
            canary=expected["canary"],
        ),
    )
