"""Reads of the log for other domains: over one slice of it, as values, never as rows.

Equality here is exact, on ids and whole actions, where the query language is generous (names,
prefixes, networks): a slice is what a person asked for, a match is what a program checks.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, cast, func, inspect, or_, select
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import InstrumentedAttribute

from app.audit.collection import AUDIT_LOG
from app.audit.models import AuditEvent
from app.kernel import clock
from app.kernel.collections.declaration import Moment
from app.kernel.collections.matching import conditions, count_capped, matching
from app.kernel.database import current_session, scope_of
from app.kernel.query_language.query import Query, parse
from app.kernel.standing import tenant_here
from app.kernel.tenant_wall import TenantScopeMissing

_UTC = ZoneInfo("UTC")
TextColumn = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


@dataclass(frozen=True, slots=True)
class LogSlice:
    """Part of a tenant's log: a query, from `start` up to and without `end`, both aware.

    The query's times must be absolute; the slice then means the same whenever it is read.
    """

    query: Query
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """Exact values that events have in common; None is any. `target_id` is the first target's."""

    actor_id: str | None = None
    action: str | None = None
    outcome: str | None = None
    target_id: str | None = None
    source_ip: str | None = None


ANY = Match()


@dataclass(frozen=True, slots=True)
class EventFact:
    """One event, with the hash of all that is stored of it (see `_hash_of`)."""

    id: UUID
    occurred_at: datetime
    actor_id: str
    actor_name: str
    action: str
    outcome: str
    target_id: str | None
    target_name: str | None
    source_ip: str | None
    hash: str


@dataclass(frozen=True, slots=True)
class Extent:
    """How many events match, and when the first and the last of them happened."""

    count: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many events a slice holds, and how many of them failed or were denied."""

    count: int
    failed: int
    denied: int


def count_events(query_text: str) -> int:
    """Return how many events match a query as a person writes it, in the zone of the tenant.

    Stops one past `COUNT_CAP`, like the list of the log itself.
    """
    moment = Moment(clock.now(), tenant_here().zone)
    return count_capped(matching(AUDIT_LOG, parse(query_text, AUDIT_LOG.fields), moment))


def count_slice(slice_: LogSlice, *, cap: int) -> int:
    """Return how many events the slice holds, counting no further than one past the cap."""
    inner = select(AuditEvent.id).where(*within(slice_)).limit(cap + 1).subquery()
    return current_session().scalar(select(func.count()).select_from(inner)) or 0


def has_grown(slice_: LogSlice, *, since: int) -> bool:
    """Say whether events came into the slice after the log had `since` events."""
    statement = select(AuditEvent.id).where(*within(slice_), AuditEvent.leaf >= since).limit(1)
    return current_session().scalar(statement) is not None


def get_totals(slice_: LogSlice) -> Totals:
    """Return the counts of the whole slice."""
    statement = select(
        func.count(),
        func.count().filter(AuditEvent.outcome == "failure"),
        func.count().filter(AuditEvent.outcome == "denied"),
    ).where(*within(slice_))
    count, failed, denied = current_session().execute(statement).one()
    return Totals(count, failed, denied)


def measure(slice_: LogSlice, match: Match = ANY) -> Extent:
    """Return how many events of the slice match, and their extremes in time."""
    statement = select(
        func.count(), func.min(AuditEvent.occurred_at), func.max(AuditEvent.occurred_at)
    ).where(*within(slice_), *_matching(match))
    count, first, last = current_session().execute(statement).one()
    return Extent(count, first, last)


def list_events(slice_: LogSlice, ids: Sequence[UUID]) -> tuple[EventFact, ...]:
    """Return those of the events that lie in the slice, oldest first; others are left out."""
    statement = (
        select(AuditEvent)
        .where(*within(slice_), AuditEvent.id.in_(ids))
        .order_by(AuditEvent.occurred_at, AuditEvent.id)
        .execution_options(populate_existing=True)
    )
    return tuple(_fact(event) for event in current_session().scalars(statement))


def list_present_actions(slice_: LogSlice, actions: Sequence[str]) -> frozenset[str]:
    """Return which of the actions occur in the slice."""
    statement = (
        select(AuditEvent.action).where(*within(slice_), AuditEvent.action.in_(actions)).distinct()
    )
    return frozenset(current_session().scalars(statement))


def list_actor_ids(slice_: LogSlice, id_or_name: str) -> tuple[str, ...]:
    """Return the ids of the actors in the slice with that id or name; at most two."""
    return _ids(slice_, AuditEvent.actor_id, AuditEvent.actor_name, id_or_name)


def list_target_ids(slice_: LogSlice, id_or_name: str) -> tuple[str, ...]:
    """Return the ids of the first targets in the slice with that id or name; at most two."""
    return _ids(slice_, AuditEvent.target_id, AuditEvent.target_name, id_or_name)


def within(slice_: LogSlice) -> list[ColumnElement[bool]]:
    """Return the SQL of a slice, to be joined by AND; raises `TenantScopeMissing` without one.

    Names the tenant itself, because aggregates and subqueries escape the wall in the session.
    """
    tenant_id = scope_of(current_session()).tenant_id
    if tenant_id is None:
        raise TenantScopeMissing("A slice of the log was read while no tenant was in scope.")
    return [
        AuditEvent.tenant_id == tenant_id,
        AuditEvent.occurred_at >= slice_.start,
        AuditEvent.occurred_at < slice_.end,
        *conditions(AUDIT_LOG, slice_.query, Moment(slice_.end, _UTC)),
    ]


def _matching(match: Match) -> list[ColumnElement[bool]]:
    sought: tuple[tuple[TextColumn, object], ...] = (
        (AuditEvent.actor_id, match.actor_id),
        (AuditEvent.action, match.action),
        (AuditEvent.outcome, match.outcome),
        (AuditEvent.target_id, match.target_id),
    )
    found: list[ColumnElement[bool]] = [
        column == value for column, value in sought if value is not None
    ]
    if match.source_ip is not None:
        found.append(AuditEvent.source_ip == cast(match.source_ip, INET))
    return found


def _ids(
    slice_: LogSlice,
    id_column: TextColumn,
    name_column: TextColumn,
    text: str,
) -> tuple[str, ...]:
    statement = (
        select(id_column)
        .where(and_(*within(slice_)), or_(id_column == text, name_column == text))
        .distinct()
        .order_by(id_column)
        .limit(2)
    )
    return tuple(str(found) for found in current_session().scalars(statement))


def _fact(event: AuditEvent) -> EventFact:
    return EventFact(
        id=event.id,
        occurred_at=event.occurred_at,
        actor_id=event.actor_id,
        actor_name=event.actor_name,
        action=event.action,
        outcome=event.outcome,
        target_id=event.target_id,
        target_name=event.target_name,
        # The driver gives address objects, everybody else means the text.
        source_ip=None if event.source_ip is None else str(event.source_ip),
        hash=_hash_of(event),
    )


def _hash_of(event: AuditEvent) -> str:
    """Return SHA-256 over everything stored of an event but its search index, as sorted JSON."""
    stored = {
        attribute.key: getattr(event, attribute.key)
        for attribute in inspect(AuditEvent).column_attrs
        if attribute.key != "search"
    }
    text = json.dumps(
        stored, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    # The session's zone must not change the hash.
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
