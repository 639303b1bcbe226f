"""Reading erasures."""

from uuid import UUID

from sqlalchemy import select

from app.audit.erasure.models import ErasureStatus, PersonErasure
from app.kernel.database import current_session
from app.kernel.problems import NotFound

_OPEN = tuple(status.value for status in ErasureStatus if not status.has_ended)


def get_erasure(erasure_id: UUID) -> PersonErasure:
    """Return an erasure of the tenant in scope; raises `NotFound`."""
    statement = select(PersonErasure).where(PersonErasure.id == erasure_id)
    found = current_session().scalar(statement, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    return found


def lock_erasure(erasure_id: UUID) -> PersonErasure:
    """Return an erasure, locked for the transaction; raises `NotFound`."""
    statement = select(PersonErasure).where(PersonErasure.id == erasure_id).with_for_update()
    found = current_session().scalar(statement, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    return found


def find_open() -> PersonErasure | None:
    """Return the erasure of the tenant in scope that has not ended."""
    return current_session().scalar(select(PersonErasure).where(PersonErasure.status.in_(_OPEN)))
