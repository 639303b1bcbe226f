"""The gatekeeper: turns a request into an actor, or refuses it."""

import dataclasses
from collections.abc import Iterable
from uuid import UUID

from flask import g, request
from flask_login import current_user

from app.identity.api_keys import KEY_SCHEME, PresentedKey, find_key
from app.identity.models import Account
from app.identity.queries.memberships import own_places, roles_by_tenant
from app.identity.roles import Role, permissions_of
from app.identity.sessions import SignedIn
from app.kernel.actor import Actor, ActorType, Source
from app.kernel.commands import Done, Outcome, command
from app.kernel.database import Scope, current_session, enter_scope
from app.kernel.problems import NotFound, NotSignedIn
from app.kernel.rate_limit import spend, spend_api_call
from app.kernel.standing import Standing, TenantFacts, standing, take_standing
from app.kernel.untrusted_text import find_address, single_line
from app.tenancy.queries import list_tenants
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

DENIALS_PER_MINUTE = 120


def source_of_request() -> Source:
    """Return where the running request comes from."""
    bare = _bare_source()
    if not current_user.is_authenticated:
        return bare
    return dataclasses.replace(bare, session=str(current_user.session.id))


def anonymous_actor() -> Actor:
    """Return the actor of a request that nobody signed in for."""
    return Actor(ActorType.ANONYMOUS, "anonymous", "Somebody not signed in", source=_bare_source())


class SessionGatekeeper:
    """The gatekeeper of the running app; see `app.kernel.routing.Gatekeeper`."""

    def look_around(self) -> None:
        """Let anybody in; a public page may still want to know who it is."""
        if current_user.is_authenticated:
            self.enter_account()

    def enter_account(self, wanted: Permission | None = None) -> Actor:
        """Return the signed-in person, in no tenant; with `wanted`, if any tenant gives it."""
        account = _signed_in().account
        roles = roles_by_tenant(account.id)
        anywhere = _held_anywhere(roles.values())
        actor = _person(account, None, anywhere & {wanted})
        tenants = list_tenants(list(roles))
        take_standing(Standing(actor, account.id, account.name, tenants=tenants, anywhere=anywhere))
        return actor

    def enter_tenant(self, slug: str) -> Actor:
        """Return the signed-in person acting in the tenant, which becomes the session's scope."""
        account, session = _signed_in().account, current_session()
        enter_scope(session, Scope(account_id=account.id))
        places = own_places(account.id)
        # A tenant of others is found as little as one that nobody has.
        tenant = next((one for one in places if one.slug == slug), None)
        if tenant is None:
            raise NotFound
        enter_scope(session, Scope(tenant_id=tenant.id))
        role = places[tenant]
        actor = _person(account, tenant, permissions_of(role))
        take_standing(
            Standing(
                actor,
                account.id,
                account.name,
                role.label,
                is_owner=role is Role.OWNER,
                tenant=tenant,
                tenants=tuple(places),
                anywhere=_held_anywhere(places.values()),
            )
        )
        return actor

    def enter_api(self, *, counts_calls: bool) -> Actor:
        """Return the program whose key the request carries, in the key's tenant.

        With `counts_calls` the key's calls of this minute are counted and limited.
        """
        scheme, _, presented = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != KEY_SCHEME or not presented:
            raise NotSignedIn("Send an API key in the header `Authorization: Bearer <key>`.")
        found = find_key(presented)
        if found is None:
            raise NotSignedIn("This API key is unknown, revoked or expired. Create a new one.")
        key, tenant = found
        if counts_calls:
            spend_api_call(str(key.id))
        actor = _program(key, tenant)
        take_standing(Standing(actor, key.id, key.name, tenant=tenant))
        return actor

    def record_denial(self, actor: Actor, permission: Permission) -> None:
        """Write into the tenant's log that somebody was refused.

        A page outside any tenant refuses its reader in each of their tenants.
        """
        if actor.tenant_id is not None:
            everywhere = None
        elif not (everywhere := tuple(tenant.id for tenant in standing().tenants)):
            return
        # The log only grows, so nobody may fill it by being refused.
        spend(f"denied:{actor.id}", allowed=DENIALS_PER_MINUTE, window_s=60)
        _record_denial(actor, permission, everywhere)


@command(requires=None, audit=AuditTag.ACCESS_DENIED)
def _record_denial(
    actor: Actor, permission: Permission, tenant_ids: tuple[UUID, ...] | None = None
) -> Done[None]:
    del actor  # recorded by the wrapper
    return Done(
        None,
        tenant_ids=tenant_ids,
        outcome=Outcome.DENIED,
        metadata={
            "permission": permission.value,
            "endpoint": request.endpoint,
            "method": request.method,
        },
    )


def _held_anywhere(roles: Iterable[Role]) -> frozenset[Permission]:
    return frozenset[Permission]().union(*map(permissions_of, roles))


def _signed_in() -> SignedIn:
    if not current_user.is_authenticated:
        raise NotSignedIn("Sign in to see this page.")
    found: SignedIn = current_user._get_current_object()  # noqa: SLF001  werkzeug's own way
    return found


def _person(
    account: Account, tenant: TenantFacts | None, permissions: frozenset[Permission]
) -> Actor:
    return Actor(
        ActorType.PERSON,
        str(account.id),
        account.name,
        tenant_id=tenant.id if tenant else None,
        permissions=permissions,
        source=source_of_request(),
    )


def _program(key: PresentedKey, tenant: TenantFacts) -> Actor:
    return Actor(
        ActorType.API_KEY,
        str(key.id),
        key.name,
        tenant_id=tenant.id,
        permissions=frozenset(Permission(scope) for scope in key.scopes),
        source=_bare_source(),
    )


def _bare_source() -> Source:
    user_agent = request.headers.get("User-Agent")
    return Source(
        ip=find_address(request.remote_addr or ""),
        user_agent=single_line(user_agent) if user_agent else None,
        request_id=g.get("request_id"),
    )
