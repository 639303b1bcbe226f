"""Minting and revoking API keys."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from app.identity.api_keys import spell_key
from app.identity.errors import KeyRevoked, RoleOutOfReach
from app.identity.models import ApiKey
from app.identity.tokens import hash_secret, new_secret
from app.kernel import clock
from app.kernel.actor import Actor, ActorType
from app.kernel.commands import Done, Target, command
from app.kernel.database import current_session
from app.kernel.ids import uuid7
from app.kernel.problems import NotFound
from app.tenancy.queries import get_tenant
from app.vocabulary.audit_tags import AuditTag
from app.vocabulary.permissions import Permission

# What a key may be allowed to do. Each is the guard of some door of the API.
KEY_SCOPES = (
    Permission.AUDIT_EVENT_CREATE,
    Permission.AUDIT_EVENT_READ,
    Permission.EVENT_TYPE_CREATE,
    Permission.EVENT_TYPE_READ,
)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `text` is the only time that its secret can be read."""

    id: UUID
    text: str


@command(requires=Permission.API_KEY_CREATE, audit=AuditTag.API_KEY_CREATED)
def create_api_key(
    actor: Actor, *, name: str, scopes: tuple[Permission, ...], lifetime_days: int | None
) -> Done[NewKey]:
    """Make an API key. `lifetime_days` None means that it does not expire.

    Raises `RoleOutOfReach` for a scope that keys cannot have.
    """
    if not scopes or not set(scopes) <= set(KEY_SCOPES):
        allowed = ", ".join(KEY_SCOPES)
        raise RoleOutOfReach(f"A key needs at least one of these scopes: {allowed}.")
    secret, now = new_secret(), clock.now()
    key = ApiKey(
        id=uuid7(),
        name=name,
        secret_hash=hash_secret(secret),
        scopes=[scope.value for scope in scopes],
        created_by=actor.name if actor.type is ActorType.PERSON else actor.id,
        created_at=now,
        expires_at=now + dt.timedelta(days=lifetime_days) if lifetime_days else None,
    )
    current_session().add(key)
    text = spell_key(get_tenant(actor.tenant).slug, key.id, secret)
    return Done(
        NewKey(key.id, text),
        targets=(Target("api_key", str(key.id), name),),
        metadata={"scopes": " ".join(sorted(scopes))},
    )


@command(requires=Permission.API_KEY_DELETE, audit=AuditTag.API_KEY_REVOKED)
def revoke_api_key(actor: Actor, key_id: UUID) -> Done[None]:
    """Revoke a key; requests that carry it are refused from now on."""
    key = current_session().get(ApiKey, (actor.tenant, key_id))
    if key is None:
        raise NotFound
    if key.revoked_at is not None:
        raise KeyRevoked("This key was revoked before; nothing changed.")
    key.revoked_at = clock.now()
    return Done(None, targets=(Target("api_key", str(key.id), key.name),))
