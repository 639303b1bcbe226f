"""One row of the log as lists show it: without what only the record of an event needs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause


class EventLine(NamedTuple):
    """The columns of an event that a list may show, in the order that they are read in."""

    id: UUID
    occurred_at: dt.datetime
    actor_type: str
    actor_id: str
    actor_name: str
    action: str
    outcome: str
    target_type: str | None
    target_id: str | None
    target_name: str | None
    targets: Sequence[Mapping[str, str]]
    source_ip: str | None
    session: str | None
    reason: str | None
    received_from: str | None


def line_columns(source: FromClause) -> list[ColumnElement[Any]]:
    """Return the columns of a line, from the log, a view of it, or a subquery over either."""
    return [source.c[name] for name in EventLine._fields]
