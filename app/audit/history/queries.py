"""The latest events of one object, by the index of targets."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.kernel.database import current_session
from app.kernel.tenant_wall import tenant_in_scope


class HistoryLine(NamedTuple):
    """One event as the history of an object shows it, in the order that it is read in."""

    id: UUID
    occurred_at: dt.datetime
    actor_name: str
    action: str
    outcome: str
    reason: str | None
    changes: Mapping[str, Mapping[str, str | None]]
    received_from: str | None


def list_latest(target_id: str, *, limit: int) -> list[HistoryLine]:
    """Return the latest events whose first target is the object, newest first."""
    columns = AuditEvent.__table__.columns
    statement = (
        select(*(columns[name] for name in HistoryLine._fields))
        .where(columns.tenant_id == tenant_in_scope(), columns.target_id == target_id)
        .order_by(columns.occurred_at.desc(), columns.id.desc())
        .limit(limit)
    )
    return [HistoryLine(*row) for row in current_session().execute(statement)]
