"""One record of the tenant in scope, by its key; what is not there, or another's, is not found."""

from typing import TypeVar
from uuid import UUID

from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.kernel.tenant_wall import TenantScoped, tenant_in_scope

Record = TypeVar("Record", bound=TenantScoped)


def get_record(model: type[Record], ident: UUID) -> Record:
    """Return a record of the tenant in scope; raises `NotFound`."""
    return _found(current_session().get(model, (tenant_in_scope(), ident)))


def lock_record(model: type[Record], ident: UUID) -> Record:
    """Return a record as it is now, locked until the transaction ends; raises `NotFound`."""
    key = (tenant_in_scope(), ident)
    session = current_session()
    return _found(session.get(model, key, with_for_update=True, populate_existing=True))


def _found(record: Record | None) -> Record:
    if record is None:
        raise NotFound
    return record
