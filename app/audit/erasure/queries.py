"""Reading erasures."""

from sqlalchemy import select

from app.audit.erasure.models import ErasureStatus, PersonErasure
from app.kernel.database import current_session

_OPEN = tuple(status.value for status in ErasureStatus if not status.has_ended)


def find_open() -> PersonErasure | None:
    """Return the erasure of the tenant in scope that has not ended."""
    return current_session().scalar(select(PersonErasure).where(PersonErasure.status.in_(_OPEN)))
