"""Reading the quarantine."""

import datetime as dt

from sqlalchemy import ColumnElement, func, select

from app.audit.ingest.quarantine.models import QuarantinedItem, QuarantineReplay, ReplayStatus
from app.kernel.database import current_session


def count_waiting(action: str | None = None) -> int:
    """Return how many items wait, of one action or of all; 10,000 at most."""
    statement = select(func.count()).select_from(QuarantinedItem).where(*of_action(action))
    return current_session().scalar(statement) or 0


def of_action(action: str | None) -> list[ColumnElement[bool]]:
    """Return the condition for the items of an action; None means all."""
    return [] if action is None else [QuarantinedItem.action == action]


def list_waiting_actions(limit: int) -> list[tuple[str | None, int]]:
    """Return the actions of what waits with how many of each, the most frequent first."""
    count = func.count()
    statement = (
        select(QuarantinedItem.action, count)
        .group_by(QuarantinedItem.action)
        .order_by(count.desc(), QuarantinedItem.action)
        .limit(limit)
    )
    return [(action, number) for action, number in current_session().execute(statement)]


def find_running_replay() -> QuarantineReplay | None:
    """Return the replay that is running in the tenant, or None."""
    statement = select(QuarantineReplay).where(QuarantineReplay.status == ReplayStatus.RUNNING)
    return current_session().scalar(statement.order_by(QuarantineReplay.id).limit(1))


def find_latest_replay() -> QuarantineReplay | None:
    """Return the replay that was asked for last, or None."""
    order = (QuarantineReplay.requested_at.desc(), QuarantineReplay.id.desc())
    return current_session().scalar(select(QuarantineReplay).order_by(*order).limit(1))


def too_old(now: dt.datetime, days: int) -> ColumnElement[bool]:
    """Return the condition for items that have waited for longer than the tenant keeps them."""
    return QuarantinedItem.received_at < now - dt.timedelta(days=days)
