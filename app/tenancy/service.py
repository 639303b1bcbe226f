"""Changing tenants."""

from sqlalchemy import select

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.commands import Change, Done, Target, command
from app.kernel.database import Scope, current_session, enter_scope
from app.kernel.ids import uuid7
from app.kernel.problems import NotFound
from app.kernel.standing import TenantFacts
from app.tenancy.errors import TenantNameTaken, UnknownTimeZone
from app.tenancy.models import Tenant, TenantKind
from app.tenancy.time_zones import TIME_ZONES
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission


@command(requires=None, audit=AuditTag.TENANT_CREATED)
def create_tenant(
    actor: Actor,
    slug: str,
    *,
    name: str,
    time_zone: str = "UTC",
    is_demo: bool = False,
    kind: TenantKind = TenantKind.CUSTOMER,
) -> Done[TenantFacts]:
    """Create a tenant; only the command line does this, so it needs no permission.

    `slug` is the name in addresses (`/t/<slug>/`). Raises `TenantNameTaken`, `UnknownTimeZone`.
    The session moves into the new tenant, where the event belongs.
    """
    del actor  # recorded by the wrapper
    session = current_session()
    if session.scalar(select(Tenant.id).where(Tenant.slug == slug)):
        raise TenantNameTaken(f"There is a tenant called {slug} already; choose another name.")
    _demand_time_zone(time_zone)
    tenant = Tenant(
        id=uuid7(),
        slug=slug,
        name=name,
        time_zone=time_zone,
        is_demo=is_demo,
        kind=kind.value,
        created_at=clock.now(),
    )
    session.add(tenant)
    session.flush()
    enter_scope(session, Scope(tenant_id=tenant.id))
    return Done(
        TenantFacts(tenant.id, slug, name, time_zone),
        targets=(Target("tenant", str(tenant.id), name),),
    )


@command(requires=Permission.SETTING_UPDATE, audit=AuditTag.SETTING_UPDATED)
def update_settings(actor: Actor, *, name: str, time_zone: str) -> Done[None]:
    """Change what the tenant is called and the time zone its pages show times in."""
    _demand_time_zone(time_zone)
    tenant = current_session().get(Tenant, actor.tenant)
    if tenant is None:
        raise NotFound
    changes = {}
    if tenant.name != name:
        changes["name"] = Change(tenant.name, name)
    if tenant.time_zone != time_zone:
        changes["time_zone"] = Change(tenant.time_zone, time_zone)
    tenant.name, tenant.time_zone = name, time_zone
    return Done(None, targets=(Target("tenant", str(tenant.id), name),), changes=changes)


def _demand_time_zone(time_zone: str) -> None:
    if time_zone not in TIME_ZONES:
        raise UnknownTimeZone(f"{time_zone} is no time zone; write one like Europe/Berlin.")
