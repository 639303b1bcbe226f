"""Reading tenants."""

from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.kernel.database import current_session
from app.kernel.problems import NotFound
from app.kernel.standing import TenantFacts
from app.tenancy.models import Tenant, TenantKind

_TENANT = Tenant.__table__.columns
_IS_CUSTOMER = Tenant.kind == TenantKind.CUSTOMER.value
# Made once, and of bare columns: every request begins with it.
_BY_SLUG = select(_TENANT.id, _TENANT.slug, _TENANT.name, _TENANT.time_zone).where(
    _TENANT.slug == bindparam("slug")
)


def find_tenant(slug: str) -> TenantFacts | None:
    """Return the tenant of that name in addresses, or None."""
    row = current_session().execute(_BY_SLUG, {"slug": slug}).one_or_none()
    return TenantFacts(*row) if row else None


def get_tenant(tenant_id: UUID) -> TenantFacts:
    """Return a tenant by its id; raises `NotFound`."""
    tenant = current_session().get(Tenant, tenant_id)
    if tenant is None:
        raise NotFound
    return _facts(tenant)


def list_tenants(ids: list[UUID]) -> tuple[TenantFacts, ...]:
    """Return these tenants, by name."""
    statement = select(Tenant).where(Tenant.id.in_(ids)).order_by(Tenant.name)
    return tuple(_facts(tenant) for tenant in current_session().scalars(statement))


def list_slugs() -> tuple[str, ...]:
    """Return the names of customers' tenants in addresses; for command line messages."""
    statement = select(Tenant.slug).where(_IS_CUSTOMER).order_by(Tenant.slug)
    return tuple(current_session().scalars(statement))


def list_tenant_ids() -> tuple[UUID, ...]:
    """Return the ids of all tenants; for work that the worker does for each in turn."""
    return tuple(current_session().scalars(select(Tenant.id).order_by(Tenant.id)))


def count_real_tenants() -> int:
    """Return how many tenants are not part of the demonstration."""
    is_real = Tenant.is_demo.is_(False) & _IS_CUSTOMER
    statement = select(func.count()).select_from(Tenant).where(is_real)
    return current_session().scalar(statement) or 0


def _facts(tenant: Tenant) -> TenantFacts:
    return TenantFacts(tenant.id, tenant.slug, tenant.name, tenant.time_zone)
