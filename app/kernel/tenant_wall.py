"""The second wall between tenants, in the process; the first is row-level security.

Every class that mixes in `TenantScoped` belongs to a tenant. A statement that reads, changes or
adds one, or looks into its table or a view of it anywhere, raises `TenantScopeMissing` without a
tenant in scope, before PostgreSQL is asked; with one the statement names the tenant, so that the
planner can use the keys that begin with it. Plain SQL text is beyond this wall; the first one
stands before it.
"""

import functools
from typing import Any, ClassVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, ForeignKey, Table, event
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.sql.visitors import ExternallyTraversible, iterate

from app.kernel.database import Base, current_session, scope_of

# What marks a view of a tenant's table, in the `info` of its `Table`: it names the tenant itself.
TENANT_VIEW = "tenant_view"


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


def tenant_in_scope() -> UUID:
    """Return the tenant of the running session; raises `TenantScopeMissing`."""
    tenant_id = scope_of(current_session()).tenant_id
    if tenant_id is None:
        raise TenantScopeMissing("No tenant is in scope.")
    return tenant_id


def tenant_tables() -> dict[str, type[Any]]:
    """Return every mapped class that belongs to a tenant, by the name of its table."""
    classes: list[Any] = [mapper.class_ for mapper in Base.registry.mappers]
    return {one.__tablename__: one for one in classes if issubclass(one, TenantScoped)}


@event.listens_for(Session, "do_orm_execute")
def _demand_tenant(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    scope = scope_of(state.session)
    if scope.tenant_id is not None:
        # Statements over bare tables name the tenant themselves, or leave it to the first wall.
        if state.is_orm_statement:
            state.statement = state.statement.options(_only_of(scope.tenant_id))
        return
    named = _tenant_tables_in(state.statement)
    if not named or (scope.account_id is not None and state.execution_options.get("own_account")):
        return
    raise TenantScopeMissing(f"{', '.join(sorted(named))}: no tenant is in scope.")


@functools.lru_cache(maxsize=1_000)
def _only_of(tenant_id: UUID) -> ExecutableOption:
    """Return what makes a statement name the tenant wherever it names a tenant's class."""
    return with_loader_criteria(
        TenantScoped, lambda cls: cls.tenant_id == tenant_id, include_aliases=True
    )


def _tenant_tables_in(statement: Executable) -> set[str]:
    """Return the tenants' tables that the statement names, however deep inside it."""
    # Statements that are made once are looked through once.
    known = _looked_through.get(statement)
    if known is None:
        known = _looked_through[statement] = _look_through(statement)
    return known


_looked_through: WeakKeyDictionary[Executable, set[str]] = WeakKeyDictionary()


def _look_through(statement: Executable) -> set[str]:
    parts = iterate(cast("ExternallyTraversible", statement))
    tables = [part for part in parts if isinstance(part, Table)]
    views = {table.name for table in tables if TENANT_VIEW in table.info}
    return views | {table.name for table in tables} & tenant_tables().keys()


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
