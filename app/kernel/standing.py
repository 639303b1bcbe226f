"""Where a request stands: who asks, in which tenant, from which session."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g, has_request_context

from app.kernel.actor import Actor
from app.vocabulary.permissions import Permission


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """What pages need to know of a tenant; `time_zone` is an IANA name."""

    id: UUID
    slug: str
    name: str
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Standing:
    """The resolved frame of one request. `tenant` is None on pages outside any tenant.

    `account_id` is the person's, or that of the API key for a program. `anywhere` is what the
    person may do in at least one of their tenants: it decides which links are shown, and lets
    nobody in.
    """

    actor: Actor
    account_id: UUID
    person_name: str
    role_label: str | None = None
    is_owner: bool = False
    tenant: TenantFacts | None = None
    tenants: tuple[TenantFacts, ...] = ()
    anywhere: frozenset[Permission] = frozenset()

    @property
    def tenant_facts(self) -> TenantFacts:
        if self.tenant is None:
            raise RuntimeError("This page belongs to no tenant.")
        return self.tenant


def take_standing(standing: Standing) -> None:
    """Make the standing known to the rest of the request (templates, error pages, addresses)."""
    g.standing = standing


def find_standing() -> Standing | None:
    """Return the standing of the running request, or None before it is resolved."""
    return cast("Standing | None", g.get("standing")) if has_request_context() else None


def standing() -> Standing:
    """Return the standing of the running request; a page behind a guard always has one."""
    found = find_standing()
    if found is None:
        raise RuntimeError("Nobody stands here: the route is not behind a guard.")
    return found


def tenant_here() -> TenantFacts:
    """Return the tenant of the running request."""
    return standing().tenant_facts
