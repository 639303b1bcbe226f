"""Stopping all calls to models, for a tenant or for everybody: in force from the next try on."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.gateway.choices.models import ModelChoice
from app.gateway.endpoints.models import ModelStop
from app.kernel import clock
from app.kernel.database import current_session, unit_of_work
from app.kernel.ids import uuid7

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing goes to a model now, who said so and when."""

    reason: str
    stopped_by: str
    stopped_at: datetime
    is_global: bool


def find_global_stop() -> Stop | None:
    """Return the operator's stop that is in force, or None."""
    row = current_session().scalar(select(ModelStop).where(ModelStop.ended_at.is_(None)))
    return Stop(row.reason, row.stopped_by, row.stopped_at, is_global=True) if row else None


def find_tenant_stop() -> Stop | None:
    """Return the stop that the tenant in scope put in force itself, or None."""
    row = current_session().scalar(
        select(ModelChoice)
        .where(ModelChoice.stopped_at.is_not(None))
        .execution_options(populate_existing=True)
    )
    if row is None or row.stop_reason is None or row.stopped_at is None:
        return None
    return Stop(row.stop_reason, row.stopped_by or "", row.stopped_at, is_global=False)


def find_stop() -> Stop | None:
    """Return the stop that binds the tenant in scope, the operator's before its own."""
    return find_global_stop() or find_tenant_stop()


def stop_everywhere(reason: str, by: str) -> bool:
    """Let nothing more go to any model; False when that was so already."""
    values = {"id": uuid7(), "reason": reason, "stopped_by": by, "stopped_at": clock.now()}
    with unit_of_work() as session:
        new = session.scalar(
            insert(ModelStop).values(values).on_conflict_do_nothing().returning(ModelStop.id)
        )
    if new is not None:
        log.warning("models_stopped", extra={"by": by, "reason": reason})
    return new is not None


def start_everywhere(by: str) -> bool:
    """End the operator's stop; False when there was none."""
    with unit_of_work() as session:
        ended = session.scalar(
            update(ModelStop)
            .where(ModelStop.ended_at.is_(None))
            .values(ended_at=clock.now(), ended_by=by)
            .returning(ModelStop.id)
        )
    if ended is not None:
        log.warning("models_started", extra={"by": by})
    return ended is not None
