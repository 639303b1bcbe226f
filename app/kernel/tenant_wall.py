"""The second wall between tenants, in the process; the first is row-level security.

Every class that mixes in `TenantScoped` belongs to a tenant. Reading, changing or adding one
without a tenant in scope raises `TenantScopeMissing` before PostgreSQL is asked, and with one
the statement names the tenant, so that the planner can use the keys that begin with it.
"""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)

from app.kernel.database import Base, scope_of


class TenantScopeMissing(RuntimeError):
    """A tenant's rows were asked for while no tenant was in scope."""


class TenantMismatch(RuntimeError):
    """A row of one tenant was about to be written in the scope of another."""


class TenantScoped:
    """Mixin of every table that belongs to a tenant; `tenant_id` leads its primary key."""

    # A table that only ever grows: the app's role may insert and select, nothing else.
    append_only: ClassVar[bool] = False

    tenant_id: Mapped[UUID] = mapped_column(
        ForeignKey("tenants.id"), primary_key=True, sort_order=-1
    )


def tenant_tables() -> dict[str, type[Any]]:
    """Return every mapped class that belongs to a tenant, by the name of its table."""
    classes: list[Any] = [mapper.class_ for mapper in Base.registry.mappers]
    return {one.__tablename__: one for one in classes if issubclass(one, TenantScoped)}


@event.listens_for(Session, "do_orm_execute")
def _demand_tenant(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    if not any(issubclass(mapper.class_, TenantScoped) for mapper in state.all_mappers):
        return
    scope = scope_of(state.session)
    if scope.tenant_id is not None:
        tenant_id = scope.tenant_id
        state.statement = state.statement.options(
            with_loader_criteria(
                TenantScoped, lambda cls: cls.tenant_id == tenant_id, include_aliases=True
            )
        )
    elif not (scope.account_id is not None and state.execution_options.get("own_account")):
        names = sorted({mapper.class_.__name__ for mapper in state.all_mappers})
        raise TenantScopeMissing(f"{', '.join(names)}: no tenant is in scope.")


@event.listens_for(Session, "before_flush")
def _stamp_tenant(session: Session, _context: UOWTransaction, _instances: object) -> None:
    tenant_id = scope_of(session).tenant_id
    for row in [*session.new, *session.dirty, *session.deleted]:
        if not isinstance(row, TenantScoped):
            continue
        if tenant_id is None:
            raise TenantScopeMissing(f"{type(row).__name__}: no tenant is in scope.")
        # A row that is not stored yet may have no tenant, whatever its type says.
        of_row: UUID | None = row.tenant_id
        if of_row is None:
            row.tenant_id = tenant_id
        elif of_row != tenant_id:
            raise TenantMismatch(f"{type(row).__name__} belongs to another tenant.")
