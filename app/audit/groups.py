"""The log in groups: who did what with which outcome, how often and when.

However many events a slice holds, what leaves the database is bounded by the caller's limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Select,
    Text,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.audit.models import AuditEvent
from app.audit.queries import LogSlice, Totals, within
from app.kernel.database import current_session

# Fewer events than this are no burst, however close together they are.
MIN_BURST = 5


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What the events of a group share."""

    actor_id: str
    action: str
    outcome: str


@dataclass(frozen=True, slots=True)
class EventGroup:
    """All events of a slice with one key. Target and address are given where all share them.

    The places (1 is first) say where the group stands among all of the slice: by count, by how
    rare its action is, by count among those of its outcome, and by events a second. `of_action` is
    how many events of the slice have the action, whoever acted. `is_asked` says that the group is
    one of those that somebody asked after.
    """

    key: GroupKey
    target_id: str | None
    source_ip: str | None
    count: int
    first: datetime
    last: datetime
    by_count: int
    by_rarity: int
    by_outcome: int
    by_rate: int
    of_action: int
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """What somebody asked after: ids of actors and targets, and words within actions."""

    parties: Sequence[str] = ()
    words: Sequence[str] = ()


NOTHING_ASKED = AskedAfter()


@dataclass(frozen=True, slots=True)
class Survey:
    """A slice in groups, how many events it holds, and which watched actions occur in it."""

    groups: tuple[EventGroup, ...]
    totals: Totals
    present: frozenset[str]


def list_groups(
    slice_: LogSlice, *, limit: int, asked: AskedAfter = NOTHING_ASKED
) -> tuple[EventGroup, ...]:
    """Return every group that is among the first `limit` in one of the four orders.

    Of those that were asked after, the first `limit` by count are among them.
    """
    return survey_slice(slice_, limit=limit, asked=asked).groups


def survey_slice(
    slice_: LogSlice,
    *,
    limit: int,
    asked: AskedAfter = NOTHING_ASKED,
    watched: Sequence[str] = (),
) -> Survey:
    """Return the groups of `list_groups` with the totals, from one look at the events."""
    ranked = _ranked(_groups(slice_), asked, watched).subquery()
    places = (ranked.c.by_count, ranked.c.by_rarity, ranked.c.by_outcome, ranked.c.by_rate)
    is_asked = and_(ranked.c.is_asked, ranked.c.by_asked <= limit)
    statement = (
        select(ranked)
        .where(or_(is_asked, *(place <= limit for place in places)))
        .order_by(ranked.c.by_count)
    )
    rows = current_session().execute(statement).all()
    if not rows:
        return Survey((), Totals(0, 0, 0), frozenset())
    groups = tuple(
        EventGroup(
            key=GroupKey(row.actor_id, row.action, row.outcome),
            target_id=row.target_id,
            source_ip=None if row.source_ip is None else str(row.source_ip),
            count=row.n,
            first=row.first,
            last=row.last,
            by_count=row.by_count,
            by_rarity=row.by_rarity,
            by_outcome=row.by_outcome,
            by_rate=row.by_rate,
            of_action=row.of_action,
            is_asked=row.is_asked,
        )
        for row in rows
    )
    whole = rows[0]
    occurs = (getattr(whole, f"watched_{place}") for place in range(len(watched)))
    present = frozenset(action for action, does in zip(watched, occurs, strict=True) if does)
    return Survey(groups, Totals(int(whole.total), int(whole.failed), int(whole.denied)), present)


def list_exemplars(
    slice_: LogSlice, keys: Sequence[GroupKey], *, limit: int
) -> dict[GroupKey, tuple[UUID, ...]]:
    """Return at most `limit` events of each group: the earliest ones, and always the last."""
    # One text of a key, looked up among those wanted: comparing every event with every key, or
    # following each key through an index, takes longer than all the rest.
    names = [_BETWEEN.join((key.actor_id, key.action, key.outcome)) for key in keys]
    is_wanted = func.concat_ws(_BETWEEN, *_KEY) == any_(cast(names, ARRAY(Text)))
    at, ident = AuditEvent.occurred_at, AuditEvent.id
    numbered = (
        select(
            *_KEY,
            ident,
            func.row_number().over(partition_by=_KEY, order_by=(at, ident)).label("place"),
            func.row_number()
            .over(partition_by=_KEY, order_by=(at.desc(), ident.desc()))
            .label("from_end"),
        )
        .where(*within(slice_), is_wanted)
        .subquery()
    )
    statement = (
        select(numbered)
        .where(or_(numbered.c.place < limit, numbered.c.from_end == 1))
        .order_by(numbered.c.place)
    )
    found: dict[GroupKey, tuple[UUID, ...]] = {}
    for row in current_session().execute(statement):
        key = GroupKey(row.actor_id, row.action, row.outcome)
        found[key] = (*found.get(key, ()), row.id)
    return found


_KEY = (AuditEvent.actor_id, AuditEvent.action, AuditEvent.outcome)
# Stands in no id and no action.
_BETWEEN = "\x1f"


def _groups(slice_: LogSlice) -> CTE:
    return (
        select(
            *_KEY,
            _where_all_share(AuditEvent.target_id).label("target_id"),
            _where_all_share(AuditEvent.source_ip).label("source_ip"),
            func.count().label("n"),
            func.min(AuditEvent.occurred_at).label("first"),
            func.max(AuditEvent.occurred_at).label("last"),
        )
        .where(*within(slice_))
        .group_by(*_KEY)
        .cte("event_groups")
    )


def _where_all_share(column: InstrumentedAttribute[str | None]) -> ColumnElement[Any]:
    shared = and_(
        func.count(column) == func.count(),
        func.min(column).is_not_distinct_from(func.max(column)),
    )
    return case((shared, func.min(column)))


def _ranked(by_key: CTE, asked: AskedAfter, watched: Sequence[str]) -> Select[Any]:
    groups = select(
        by_key,
        func.sum(by_key.c.n).over(partition_by=by_key.c.action).label("of_action"),
        _is_asked(by_key, asked).label("is_asked"),
    ).cte("groups_of_actions")
    count, key = groups.c.n, (groups.c.actor_id, groups.c.action, groups.c.outcome)
    seconds = func.greatest(func.extract("epoch", groups.c.last - groups.c.first), 1)
    number = func.row_number()
    return select(
        groups,
        *_whole(groups, watched),
        number.over(order_by=(groups.c.is_asked.desc(), count.desc(), *key)).label("by_asked"),
        number.over(order_by=(count.desc(), *key)).label("by_count"),
        number.over(order_by=(groups.c.of_action.asc(), count.asc(), *key)).label("by_rarity"),
        number.over(partition_by=groups.c.outcome, order_by=(count.desc(), *key)).label(
            "by_outcome"
        ),
        number.over(order_by=((count >= MIN_BURST).desc(), (count / seconds).desc(), *key)).label(
            "by_rate"
        ),
    )


def _whole(groups: CTE, watched: Sequence[str]) -> list[ColumnElement[Any]]:
    """Return what is said of the whole slice, the same on every row."""

    def of(outcome: str) -> ColumnElement[Any]:
        having = func.sum(groups.c.n).filter(groups.c.outcome == outcome)
        return func.coalesce(having.over(), 0)

    occurs = (func.bool_or(groups.c.action == action).over() for action in watched)
    return [
        func.sum(groups.c.n).over().label("total"),
        of("failure").label("failed"),
        of("denied").label("denied"),
        *(one.label(f"watched_{place}") for place, one in enumerate(occurs)),
    ]


def _is_asked(groups: CTE, asked: AskedAfter) -> ColumnElement[bool]:
    parties = list(asked.parties)
    return or_(
        false(),
        groups.c.actor_id.in_(parties),
        func.coalesce(groups.c.target_id.in_(parties), false()),
        *(groups.c.action.contains(word, autoescape=True) for word in asked.words),
    )
