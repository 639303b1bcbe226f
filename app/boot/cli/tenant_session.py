"""What commands on a tenant begin with: the tenant by its name, and a session in its scope."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.kernel.database import Scope, current_session, enter_scope
from app.kernel.routing import database
from app.kernel.standing import TenantFacts
from app.tenancy.queries import find_tenant, list_slugs


@contextmanager
def tenant_session(slug: str) -> Iterator[TenantFacts]:
    """Open a session in the tenant's scope; names the tenants there are when it is unknown."""
    with database().session():
        tenant = find_tenant(slug)
        if tenant is None:
            known = ", ".join(list_slugs()) or "none yet; make one with `flask tenants create`"
            raise click.ClickException(f"There is no tenant called {slug}. Tenants: {known}.")
        enter_scope(current_session(), Scope(tenant_id=tenant.id))
        yield tenant
