"""Which tenants an account belongs to, and as what."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from app.identity.models import Membership
from app.identity.roles import Role, roles_holding
from app.kernel.database import Scope, current_session, enter_scope, scope_of
from app.kernel.standing import TenantFacts
from app.tenancy.models import Tenant
from app.vocabulary.permissions import Permission

_MEMBER, _TENANT = Membership.__table__.columns, Tenant.__table__.columns
# Made once, and of bare columns: every page begins with it.
_OWN_PLACES = (
    select(_MEMBER.role, _TENANT.id, _TENANT.slug, _TENANT.name, _TENANT.time_zone)
    .join_from(Membership.__table__, Tenant.__table__, _TENANT.id == _MEMBER.tenant_id)
    .where(_MEMBER.account_id == bindparam("account"), _MEMBER.status == "active")
    .order_by(_TENANT.name)
)


def tenant_ids_of(account_id: UUID) -> tuple[UUID, ...]:
    """Return the tenants where the account is an active member."""
    return tuple(roles_by_tenant(account_id))


def roles_by_tenant(account_id: UUID) -> Mapping[UUID, Role]:
    """Return what the account is in each tenant where it is an active member.

    The session's scope is the account for as long as this takes (see `own_roles`).
    """
    session = current_session()
    home = scope_of(session)
    enter_scope(session, Scope(account_id=account_id))
    try:
        return own_roles(account_id)
    finally:
        enter_scope(session, home)


def own_places(account_id: UUID) -> Mapping[TenantFacts, Role]:
    """Return the tenants where the account is an active member, by name, and as what.

    Only in a session whose scope is that account (see `own_roles`).
    """
    rows = current_session().execute(
        _OWN_PLACES, {"account": account_id}, execution_options={"own_account": True}
    )
    return {TenantFacts(*facts): Role(role) for role, *facts in rows}


def own_roles(account_id: UUID) -> Mapping[UUID, Role]:
    """Return the same in a session whose scope is that account.

    The one read that crosses tenants: the row-level policy `own_memberships` shows an account
    its own memberships, and nothing else.
    """
    statement = (
        select(Membership.tenant_id, Membership.role)
        .where(Membership.account_id == account_id, Membership.status == "active")
        .execution_options(own_account=True)
    )
    return {tenant_id: Role(role) for tenant_id, role in current_session().execute(statement)}


def find_active_membership(account_id: UUID) -> Membership | None:
    """Return the account's active membership of the tenant in scope, or None."""
    statement = select(Membership).where(
        Membership.account_id == account_id, Membership.status == "active"
    )
    return current_session().scalar(statement)


def list_holders(permission: Permission) -> Sequence[Membership]:
    """Return the active members of the tenant in scope whose role holds the permission."""
    roles = [role.value for role in roles_holding(permission)]
    statement = (
        select(Membership)
        .where(Membership.role.in_(roles), Membership.status == "active")
        .order_by(Membership.name, Membership.id)
    )
    return current_session().scalars(statement).all()
